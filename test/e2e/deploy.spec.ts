import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { inspectConfig } from '../../src/setup.js';
import { Child } from '../support/child.js';
import { runCommand } from '../support/command.js';
import { Dockerfile } from '../support/dockerfile.js';
import { freePort } from '../support/free-port.js';
import { HttpClient } from '../support/http-client.js';
import { call, createNode, ended, jobOf } from '../support/passthru.js';
import { ROOT } from '../support/readme.js';
import { describeOnlyWhere, hasProgram } from '../support/require.js';
import { until } from '../support/until.js';

const CHART = join(ROOT, 'deploy/helm/ferrule');
const FOLDER = join(ROOT, 'deploy');

describe('deploy/', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .map((name) => join(FOLDER, name))
    .filter((file) => statSync(file).isFile());

  it.each(files)('%s names no setting that does not exist', async (file) => {
    const { variables } = await inspectConfig({});
    const known = variables.flatMap(({ key }) => [key, `${key}_FILE`]);
    const named = readFileSync(file, 'utf8').match(/FERRULE_[A-Z_]*[A-Z]/g) ?? [];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the health check of the image', () => {
  const script = join(FOLDER, 'image/health-check.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-health-'));
  const { certPem, keyPem } = selfSignedCertificate();
  const servers: Server[] = [];
  let status = 200;
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  const answer: RequestListener = ({ url }, response) => {
    response.writeHead(url === '/readyz' ? status : 404, { connection: 'close' }).end();
  };

  async function portOf(server: Server): Promise<string> {
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return String((server.address() as AddressInfo).port);
  }

  const check = async (env: Record<string, string>) =>
    (await runCommand(process.execPath, [script], env)).code;

  it('asks by https if the service has a certificate, also where a file names it and the port', async () => {
    const port = await portOf(createTlsServer({ cert: certPem, key: keyPem }, answer));
    const FERRULE_TLS_CERT = '/etc/ferrule/tls.crt';
    const FERRULE_TLS_CERT_FILE = file('certificate', `${FERRULE_TLS_CERT}\n`);
    expect(await check({ FERRULE_PORT: port, FERRULE_TLS_CERT })).toBe(0);
    expect(await check({ FERRULE_PORT_FILE: file('port', `${port}\n`), FERRULE_TLS_CERT_FILE })).toBe(0);
    expect(await check({ FERRULE_PORT: port })).toBe(1);
  });

  it('fails while the service is not ready', async () => {
    const env = { FERRULE_PORT: await portOf(createServer(answer)), FERRULE_TLS_CERT: '' };
    expect(await check(env)).toBe(0);
    status = 503;
    expect(await check(env)).toBe(1);
  });
});

const PROGRAM = join(ROOT, 'bin/ferrule.mjs');
const AS_USER =
  'setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all';
/** What `docker run --read-only --tmpfs /tmp` and the chart make, with the volume at /mnt/data. */
const CONTAINED = `
mount --make-rprivate /
mount -t tmpfs -o mode=0755 tmpfs /mnt
install -d -o 1000 -g 1000 -m 0700 /mnt/data
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -o remount,bind,ro /
cd /
exec ${AS_USER} "$@"`;

const contained = (...command: string[]) => ['--mount', 'sh', '-ec', CONTAINED, 'sh', ...command];

/** Containers often forbid it, also to root; another user may not be able to read the checkout. */
function canBeContained(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', contained(process.execPath, '--check', PROGRAM), { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describeOnlyWhere(canBeContained(), 'mounts need root')('a service with the limits of the image', () => {
  it('is ready, runs jobs and stops without root, without capabilities, and with a read-only root file system', async () => {
    const port = await freePort();
    const env = {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: new Dockerfile(join(ROOT, 'deploy/Dockerfile')).environment['NODE_ENV'] ?? '',
      FERRULE_DATA_DIR: '/mnt/data',
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
      FERRULE_DEFAULT_VENDOR_INTERFACE: 'fake-options',
      FERRULE_PORT: String(port),
    };
    const service = new Child(
      spawn('unshare', contained(process.execPath, PROGRAM, 'serve'), {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    const http = new HttpClient(`http://127.0.0.1:${port}`);
    try {
      await until(() =>
        http.get('/readyz').then(
          ({ status }) => status === 200,
          () => false,
        ),
      );
      const status = readFileSync(`/proc/${service.process.pid}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\s+1000\s+1000\s+1000\s+1000$/m);
      expect(status).toMatch(/^CapBnd:\s+0+$/m);
      // Its mount point is the fifth member of a line, its options are the sixth.
      const mounts = readFileSync(`/proc/${service.process.pid}/mountinfo`, 'utf8');
      expect(mounts).toMatch(/^(?:\S+ ){4}\/ ro,/m);
      const job = await ended(http, jobOf(await call(http, await createNode(http), 'report_progress')));
      expect(job).toMatchObject({ state: 'succeeded' });
      service.process.kill('SIGTERM');
      expect(await service.ended()).toBe(0);
    } finally {
      http.close();
      await service.kill();
    }
  });
});

describeOnlyWhere(hasProgram('helm'), 'not installed: helm')('the Helm chart', () => {
  it('has no fault that helm lint knows', async () => {
    expect(await runCommand('helm', ['lint', '--strict', CHART], {})).toMatchObject({ code: 0 });
  });

  it('makes deployments of the API and of conductors, and a job for the migrations', async () => {
    const { code, stdout } = await runCommand('helm', ['template', 'fleet', CHART], {});
    expect(code).toBe(0);
    const names = [...stdout.matchAll(/^kind: (\w+)\nmetadata:\n {2}name: (\S+)$/gm)];
    expect(names.map(([, kind, name]) => `${kind} ${name}`).sort()).toEqual([
      'Deployment fleet-api',
      'Deployment fleet-conductor',
      'Job fleet-migrate',
      'PodDisruptionBudget fleet-api',
      'PodDisruptionBudget fleet-conductor',
      'Service fleet',
    ]);
  });
});
