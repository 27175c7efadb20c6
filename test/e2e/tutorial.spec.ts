import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child } from '../support/child.js';
import { freePort } from '../support/free-port.js';
import { HttpClient } from '../support/http-client.js';
import { block, ROOT } from '../support/readme.js';
import { describeWithProgram } from '../support/require.js';
import { addMethod, TUTORIAL, writeTutorial } from '../support/tutorial.js';
import { until } from '../support/until.js';

/** Its other commands, npm install, npm test and npm pack, are run by tarballs.spec.ts. */
describeWithProgram('curl')('the tutorial', () => {
  let folder: string;
  let driver: string;
  let running: Child | undefined;
  let port: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-tutorial-'));
    driver = join(folder, 'acme-xr');
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeTutorial(driver);
    port = await freePort();
    running = new Child(
      spawn(process.execPath, [join(ROOT, 'bin/ferrule.mjs'), 'dev', driver], {
        env: { ...process.env, FERRULE_PORT: String(port) },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    while (!(await running.line()).includes('Ctrl-C stops it'));
  });
  afterAll(async () => {
    await running?.kill('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs commands of the tutorial, and those of its beginning that they need. */
  async function printed(...scripts: readonly string[]): Promise<string> {
    const [api = '', version = ''] = block('2. Serve it', 'sh', 1, TUTORIAL).split('\n');
    const script = ['set -euo pipefail', api, version, ...scripts].join('\n').replaceAll(':6385', `:${port}`);
    return (await promisify(execFile)('bash', ['-c', script], { cwd: folder })).stdout.trim();
  }
  const shown = (heading: string, language: string) => block(heading, language, 0, TUTORIAL).trim();

  it('serves by the script of the generated package', () => {
    expect(block('2. Serve it', 'sh', 0, TUTORIAL)).toBe('npm run dev\n');
    const { scripts } = JSON.parse(readFileSync(join(driver, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(scripts).toMatchObject({ dev: 'ferrule dev' });
  });

  it('shows code of the generated package', () => {
    const sources = ['vendor', 'client', 'info', 'settings'].map((name) => `acme-xr.${name}.ts`);
    const all = [...sources, 'index.ts']
      .map((file) => readFileSync(join(driver, 'src', file), 'utf8'))
      .join('');
    for (const place of [0, 1, 2]) {
      expect(all).toContain(block('3. What is in the package', 'ts', place, TUTORIAL));
    }
  });

  it('creates a node and calls a method', async () => {
    expect(await printed(block('2. Serve it', 'sh', 1, TUTORIAL))).toBe(shown('2. Serve it', 'json'));
  });

  it('shows what happens with a wrong argument', async () => {
    expect(await printed(block('3. What is in the package', 'sh', 0, TUTORIAL))).toBe(
      shown('3. What is in the package', 'text'),
    );
  });

  it('adds a method', async () => {
    addMethod(driver);
    const http = new HttpClient(`http://127.0.0.1:${port}`);
    await until(async () => {
      const listing = await http.get('/v1/nodes/n1/vendor_passthru/methods').catch(() => undefined);
      return listing?.status === 200 && 'clear_event_log' in listing.json<object>();
    });
    expect(await printed(block('4. Add a method', 'sh', 0, TUTORIAL))).toBe(shown('4. Add a method', 'json'));
  });
});
