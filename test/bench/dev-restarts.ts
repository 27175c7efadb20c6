import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DriverName, writePackage } from 'create-ferrule-driver';
import { freePort } from '../support/free-port.js';
import { HttpClient } from '../support/http-client.js';
import { Service } from '../support/service.js';
import { percentile } from './statistics.js';

const POLL_MS = 5;
/** Between an answer and the next save, so that the standby process has loaded its code, as between two edits. */
const PAUSE_MS = 4_000;

/** Milliseconds from saving a source file of a driver to the first answer of the new code, under `ferrule dev`. */
export interface DevRestarts {
  readonly saves: number;
  readonly p50: number;
  readonly p95: number;
  readonly all: readonly number[];
}

/** Measures the generator's TypeScript package. */
export async function measureDevRestarts(
  checkout: string,
  saves: number,
  progress: (text: string) => void,
): Promise<DevRestarts> {
  const folder = await mkdtemp(join(tmpdir(), 'ferrule-bench-dev-'));
  // As root PostgreSQL runs as another user, who must be able to enter.
  await chmod(folder, 0o755);
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  const driver = join(folder, 'rack');
  writePackage({ name: DriverName.parse('rack'), folder: driver, language: 'typescript' });
  const port = await freePort();
  const http = new HttpClient(`http://127.0.0.1:${port}`);
  const child = spawn(process.execPath, [join(checkout, 'bin', 'ferrule.mjs'), 'dev', driver], {
    env: { ...process.env, FERRULE_PORT: String(port), TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const service = new Service(child, folder);
  const source = join(driver, 'src', 'rack.client.ts');
  const all: number[] = [];
  try {
    await answers(http, service, '/readyz', () => true);
    await http.post('/v1/nodes', { name: 'n1', driver: 'rack', driver_info: { rack_address: '10.0.0.1' } });
    let temperature = 41;
    for (let save = 1; save <= saves; save++) {
      progress(`save ${save} of ${saves}`);
      await delay(PAUSE_MS);
      const text = await readFile(source, 'utf8');
      const next = temperature + 1;
      const saved = performance.now();
      await writeFile(source, text.replace(`temperature: ${temperature}`, `temperature: ${next}`));
      await answers<{ temperature: number }>(
        http,
        service,
        '/v1/nodes/n1/vendor_passthru/status',
        (body) => body.temperature === next,
      );
      all.push(performance.now() - saved);
      temperature = next;
    }
  } finally {
    http.close();
    await service.stop('SIGINT');
    await rm(folder, { recursive: true, force: true });
  }
  const sorted = [...all].sort((one, other) => one - other);
  return { saves, p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), all };
}

const LIMIT_MS = 60_000;

/** Asks until the answer is 200 with a body that is accepted. */
async function answers<Body>(
  http: HttpClient,
  service: Service,
  path: string,
  isAccepted: (body: Body) => boolean,
): Promise<void> {
  for (const deadline = performance.now() + LIMIT_MS; ; await delay(POLL_MS)) {
    const answer = await http.get(path).catch(() => undefined);
    if (answer?.status === 200 && isAccepted(answer.json<Body>())) return;
    if (service.hasEnded || performance.now() > deadline) throw new Error(`No answer:\n${service.log}`);
  }
}
