import { writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Collector } from '../support/collector.js';
import { type LogLine, linesWithoutIds, logLines } from '../support/log-lines.js';
import { call, createNode, ended, jobOf, watchedNode } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

const TOKEN = 'ferrule-test-token';

describe('Each log line of a call', () => {
  let directory: DataDirectory;
  let collector: Collector;
  let watch: WatchFile;
  beforeAll(async () => {
    directory = await dataDirectory();
    collector = await Collector.start();
    watch = new WatchFile(directory.path);
  });
  afterAll(async () => {
    await directory.dispose();
    collector.close();
  });

  const start = (): Promise<Service> => {
    const callers = join(directory.path, 'callers.yaml');
    const digest = createHash('sha256').update(TOKEN).digest('hex');
    writeFileSync(
      callers,
      `callers:\n  - { name: ops, token: 'sha256:${digest}', roles: [admin], system: true }\n`,
      { mode: 0o600 },
    );
    return directory.start({
      ...watch.env,
      ...collector.env,
      FERRULE_ENABLED_HARDWARE_TYPES: 'rough-hardware,watched-hardware',
      FERRULE_AUTH: 'token',
      FERRULE_CALLERS: callers,
      FERRULE_LEASE: '5s',
    });
  };
  const httpOf = (service: Service) => service.http.with({ authorization: `Bearer ${TOKEN}` });
  const linesOf = (service: Service, pattern: RegExp): LogLine[] =>
    logLines(service.log).filter(({ msg }) => pattern.test(msg));
  const expectIds = ({ log }: Service): void => {
    // The caller of a refused request is not known.
    const known = log.split('\n').filter((line) => !line.includes('no credentials'));
    expect(linesWithoutIds(log)).toEqual([]);
    expect(linesWithoutIds(known.join('\n'), ['caller', 'caller_id', 'node', 'trace_id'])).toEqual([]);
    const ids = logLines(log).flatMap(({ caller_id: id }) => (id === undefined ? [] : [id]));
    expect(new Set(ids)).toEqual(new Set(['token:ops']));
  };

  it('has its request, caller, node, job and trace, also if it fails or its process dies', async () => {
    const one = await start();
    const http = httpOf(one);
    const [node, broken] = await Promise.all(
      ['none', 'broken-horse'].map((password) =>
        createNode(http, {
          driver: 'rough-hardware',
          vendor_interface: 'rough',
          driver_info: { rough_password: password },
        }),
      ),
    );
    (await one.http.get('/v1/nodes')).expect(401);
    (await call(http, broken ?? '', 'give')).expect(500);
    for (const method of ['leave_rejection', 'save_unawaited']) {
      (await call(http, node ?? '', method)).expect(200);
    }
    (await call(http, node ?? '', 'forget', { auth: { password: 'x' } })).expect(500);
    for (const [method, args] of Object.entries({ give_job: {}, fail_long_job: { size: 1 }, late_job: {} })) {
      await ended(http, jobOf(await call(http, node ?? '', method, args)));
    }
    const watched = await watchedNode(http);
    const job = jobOf(await call(http, watched, 'watch_job', { id: 'lost', gate: watch.gate().path }));
    await until(() => watch.has('begin', 'lost'));
    // What a process has not written yet is lost with it.
    await until(() => linesOf(one, /^Job \S+ (accepted|started)/).length === 8);
    await one.stop('SIGKILL');
    const two = await start();
    const { state } = await ended(httpOf(two), job);
    expect(state).toBe('outcome-unknown');
    await until(() => linesOf(two, /is unknown/).length > 0);

    for (const [pattern, times] of [
      [/no credentials/, 1],
      [/rejected promise/, 1],
      [/stored nothing/, 1],
      [/^req-\S+: .* failed: /, 4],
      [/^Job \S+ accepted/, 4],
      [/^Job \S+ started/, 4],
      [/^Job \S+ (succeeded|failed|timed-out)/, 3],
    ] as const) {
      expect({ pattern, times: linesOf(one, pattern).length }).toEqual({ pattern, times });
    }
    expectIds(one);
    expectIds(two);
  });
});
