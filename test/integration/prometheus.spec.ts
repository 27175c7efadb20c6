import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startApp, type TestApp } from '../support/app.js';
import { Child } from '../support/child.js';
import { freePort } from '../support/free-port.js';
import { metricsIn, samplesIn } from '../support/metrics.js';
import { describeWithProgram } from '../support/require.js';
import { until } from '../support/until.js';

const ROOT = resolve(import.meta.dirname, '../..');
const RULES = join(ROOT, 'deploy/prometheus/alerts.yml');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\b(?:ferrule|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name)),
];
const alertsIn = (text: string): string[] =>
  [...text.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);

describe('what operators watch Ferrule with', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it.each(['deploy/grafana/ferrule.json', 'deploy/prometheus/alerts.yml'])(
    '%s uses only metrics that a running service has',
    async (path) => {
      const known = metricsIn((await app.http.get('/metrics')).expect(200).text);
      const used = namesIn(read(path));
      expect(used.length).toBeGreaterThan(8);
      expect(used.filter((name) => !known.has(name))).toEqual([]);
    },
  );

  it('has panels with a query each', () => {
    const { panels } = JSON.parse(read('deploy/grafana/ferrule.json')) as {
      panels: { type: string; title: string; targets?: { expr: string }[] }[];
    };
    const empty = panels.filter(
      ({ type, targets = [] }) => type !== 'row' && !targets.some(({ expr }) => expr),
    );
    expect(panels.length).toBeGreaterThan(15);
    expect(empty.map(({ title }) => title)).toEqual([]);
  });

  it('has a section of docs/operating.md for each alert, and none for another', () => {
    const [, section = ''] =
      /### What each alert means\n([\s\S]*?)\n## /.exec(read('docs/operating.md')) ?? [];
    const explained = [...section.matchAll(/^#### (\w+)$/gm)].map(([, name]) => name);
    expect(explained).toEqual(alertsIn(read('deploy/prometheus/alerts.yml')));
  });

  describeWithProgram('prometheus', 'promtool')('Prometheus', () => {
    let folder: string;
    let prometheus: Child;
    let url: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'ferrule-prometheus-'));
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      const targets = JSON.stringify([new URL(app.http.base).host]);
      writeFileSync(
        join(folder, 'prometheus.yml'),
        `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${JSON.stringify(RULES)}]
scrape_configs: [{ job_name: ferrule, static_configs: [{ targets: ${targets} }] }]
`,
      );
      const args = [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ];
      prometheus = new Child(spawn('prometheus', args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    });
    afterAll(async () => {
      await prometheus.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });

    const ask = async <T>(path: string): Promise<T | undefined> => {
      const answer = await fetch(`${url}/api/v1/${path}`).catch(() => undefined);
      return answer?.ok === true ? ((await answer.json()) as { data: T }).data : undefined;
    };

    it('accepts the rules, and each alert fires where it should', () => {
      execFileSync('promtool', ['check', 'rules', RULES], { stdio: 'pipe' });
      execFileSync('promtool', ['test', 'rules', 'alerts.test.yml'], {
        cwd: join(ROOT, 'deploy/prometheus'),
        stdio: 'pipe',
      });
    });

    it('has no alert for a service that does nothing', async () => {
      await app.http.get('/metrics');
      const text = (await app.http.get('/metrics')).expect(200).text;
      const samples = [...samplesIn(text), ['up', 1] as const].filter(([, value]) => !Number.isNaN(value));
      const series = samples.map(([sample, value]) => {
        const [name = '', labels = ''] = sample.replace(/\}$/, '').split(/\{(.*)/s);
        const all = `job="ferrule",instance="a"${labels && ','}${labels}`;
        return { series: `${name}{${all}}`, values: `${value}x120` };
      });
      const hour = { eval_time: '1h', exp_alerts: [] };
      const alerts = alertsIn(read('deploy/prometheus/alerts.yml'));
      const test = {
        rule_files: [RULES],
        evaluation_interval: '30s',
        tests: [
          {
            interval: '30s',
            input_series: series,
            alert_rule_test: alerts.map((alertname) => ({ ...hour, alertname })),
          },
        ],
      };
      const file = join(folder, 'idle.test.yml');
      writeFileSync(file, JSON.stringify(test));
      execFileSync('promtool', ['test', 'rules', file], { stdio: 'pipe' });
    });

    it('has nothing to say against the metrics of Ferrule', async () => {
      const text = (await app.http.get('/metrics')).expect(200).text;
      const own = text.split('\n').filter((line) => /^(# (HELP|TYPE) )?ferrule_/.test(line));
      execFileSync('promtool', ['check', 'metrics'], { input: `${own.join('\n')}\n`, stdio: 'pipe' });
    });

    it('scrapes the service, and answers queries', async () => {
      interface Answer {
        readonly result: readonly { readonly metric: { job?: string }; readonly value: [number, string] }[];
      }
      const query = encodeURIComponent('ferrule_jobs{state="queued"} and on (job) up == 1');
      const answered = () => ask<Answer>(`query?query=${query}`);
      await until(async () => ((await answered())?.result.length ?? 0) > 0);
      expect((await answered())?.result[0]).toMatchObject({
        metric: { job: 'ferrule' },
        value: [expect.any(Number), '0'],
      });
    });

    it('evaluates every rule without an error', async () => {
      interface Rules {
        readonly groups: readonly {
          readonly rules: readonly { name: string; health: string; lastError?: string }[];
        }[];
      }
      const rules = async () => (await ask<Rules>('rules'))?.groups.flatMap((group) => group.rules) ?? [];
      await until(
        async () => (await rules()).length > 0 && (await rules()).every(({ health }) => health !== 'unknown'),
      );
      const found = await rules();
      expect(found.map(({ name }) => name)).toEqual(alertsIn(read('deploy/prometheus/alerts.yml')));
      expect(found.filter(({ health }) => health !== 'ok')).toEqual([]);
    });
  });
});
