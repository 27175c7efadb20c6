import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../support/free-port.js';
import { HttpClient } from '../support/http-client.js';
import { type DataDirectory, dataDirectory } from '../support/service.js';
import { until } from '../support/until.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/ferrule.mjs');
/** Their lines in the access log are more than a pipe holds. */
const REQUESTS = 600;

describe('A log', () => {
  let directory: DataDirectory;
  let child: ChildProcess | undefined;
  beforeAll(async () => (directory = await dataDirectory()));
  afterEach(async () => {
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  afterAll(() => directory.dispose());

  const serve = async (output: 'pipe' | number): Promise<[ChildProcess, HttpClient]> => {
    const port = await freePort();
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('FERRULE_'));
    const env = {
      ...Object.fromEntries(own),
      FERRULE_HOST: '127.0.0.1',
      FERRULE_PORT: String(port),
      FERRULE_DATA_DIR: join(directory.path, 'data'),
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
      FERRULE_ACCESS_LOG: 'stderr',
    };
    const started = spawn(process.execPath, [PROGRAM, 'serve'], {
      cwd: directory.path,
      env,
      stdio: ['ignore', output, output],
    });
    child = started;
    return [started, new HttpClient(`http://127.0.0.1:${port}`)];
  };
  const isServed = async (http: HttpClient): Promise<void> => {
    await until(async () => (await http.get('/readyz').catch(() => undefined))?.status === 200);
    for (let sent = 0; sent < REQUESTS; sent++) (await http.get('/v1')).expect(200);
    http.close();
  };
  const stopped = async (started: ChildProcess): Promise<number | NodeJS.Signals | null> => {
    started.kill('SIGTERM');
    await once(started, 'exit');
    return started.exitCode ?? started.signalCode;
  };

  it('that nobody reads holds up neither calls nor the end of the service', async () => {
    const [started, http] = await serve('pipe');
    await isServed(http);
    expect(await stopped(started)).toBe('SIGKILL');
  });

  it('whose reader has gone does not end the service', async () => {
    const [started, http] = await serve('pipe');
    for (const stream of [started.stdout, started.stderr]) stream?.destroy();
    await isServed(http);
    expect(await stopped(started)).toBe(0);
  });

  (existsSync('/dev/full') ? it : it.skip)('on a full disk does not end the service', async () => {
    const full = openSync('/dev/full', 'w');
    const [started, http] = await serve(full);
    closeSync(full);
    await isServed(http);
    expect([0, 'SIGKILL']).toContain(await stopped(started));
  });
});
