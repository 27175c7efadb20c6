import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { inspectConfig } from '../../src/setup.js';
import { runCommand } from '../support/command.js';
import { ROOT } from '../support/readme.js';
import { describeOnlyWhere, hasProgram } from '../support/require.js';

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
