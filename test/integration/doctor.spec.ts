import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { run } from '../../src/cli/program.js';
import { checkDatabase } from '../../src/cli/doctor/checks/database.js';
import { checkReach } from '../../src/cli/doctor/checks/reach.js';
import { type CheckedFinding } from '../../src/cli/doctor/check.js';
import { runningServer } from '../../src/database/embedded/running-server.js';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { ferrule } from '../support/ferrule.js';
import { ferruleHere } from '../support/ferrule-here.js';
import { insertNode } from '../support/nodes.js';
import { testServerFolder } from '../support/server-folder.js';

const SECRET = 'hunter2';

const silent: { readonly server: TcpServer; readonly sockets: Set<Socket> }[] = [];

/** Accepts connections, and never answers. @returns its port. */
async function silentServer(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => sockets.add(socket.on('error', () => {})));
  silent.push({ server, sockets });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const { server, sockets } of silent.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

describe('ferrule doctor', () => {
  let place: TestDatabase;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    place = await testDatabase();
    if (!('host' in place.connection)) throw new TypeError('The test database is on a socket.');
    const { host, user, database } = place.connection;
    env = {
      FERRULE_DATABASE_URL: `postgresql://${user}:${SECRET}@localhost/${database}?host=${encodeURIComponent(host)}`,
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,redfish',
      FERRULE_PORT: '0',
    };
  });
  afterAll(() => place.drop());

  async function doctor(
    changes: Readonly<Record<string, string>> = {},
    ...args: string[]
  ): Promise<{ code: number; text: string; findings: CheckedFinding[] }> {
    const printed: string[] = [];
    const out = {
      print: (text: string) => printed.push(text),
      complain: (text: string) => printed.push(text),
    };
    const code = await run(['doctor', '--json', ...args], { ...env, ...changes }, out);
    const text = printed.join('\n');
    expect(text).not.toContain(SECRET);
    return { code, text, findings: (JSON.parse(text) as { findings: CheckedFinding[] }).findings };
  }

  async function sql(text: string, values: unknown[] = []): Promise<void> {
    const database = place.open();
    try {
      await database.query({ name: 'doctor', text }, values);
    } finally {
      await database.close();
    }
  }

  const of = (findings: readonly CheckedFinding[], check: string) =>
    findings.filter((finding) => finding.check === check);

  it('finds nothing wrong where nothing is', async () => {
    const { code, findings } = await doctor();
    expect([code, findings.filter(({ level }) => level === 'problem')]).toEqual([0, []]);
    expect(new Set(findings.map(({ check }) => check))).toEqual(
      new Set([
        'settings',
        'drivers',
        'database',
        'secrets',
        'jobs',
        'clock',
        'database clock',
        'queue',
        'open files',
      ]),
    );
    expect(of(findings, 'database')).toMatchObject([
      { message: expect.stringMatching(/^PostgreSQL \d+.* answers; the database has \d+/) },
      { message: 'It is up to date with this version of Ferrule.' },
    ]);
  });

  it('says that a database is empty, and does not advise a backup of it', async () => {
    const empty = await testDatabase();
    const database = empty.open();
    try {
      await database.query({ name: 'empty', text: 'drop schema public cascade' }, []);
      await database.query({ name: 'public', text: 'create schema public' }, []);
      expect(await checkDatabase({ databaseUrl: 'postgresql://own' }, empty.connection)).toMatchObject([
        { level: 'ok' },
        {
          level: 'problem',
          message: 'It has no tables of Ferrule.',
          advice: expect.stringMatching(/^Run: ferrule migrate, or ferrule restore/),
        },
      ]);
    } finally {
      await database.close();
      await empty.drop();
    }
  });

  it('warns of settings that are allowed and weak, and refuses one port for two', async () => {
    const { findings } = await doctor({
      FERRULE_AUDIT: 'false',
      FERRULE_ENABLED_HARDWARE_TYPES: 'redfish',
      FERRULE_REDFISH_VERIFY_CA: 'false',
      FERRULE_METRICS: '16385',
      FERRULE_PORT: '16385',
    });
    expect(of(findings, 'settings').map(({ level, message }) => `${level}: ${message}`)).toEqual([
      expect.stringMatching(/^problem: FERRULE_METRICS and FERRULE_PORT have the same port 16385/),
      expect.stringMatching(/^warning: FERRULE_AUDIT=false/),
      expect.stringMatching(/^warning: FERRULE_REDFISH_VERIFY_CA=false/),
    ]);
  });

  it('reports every problem at once, and a database that is away only once', async () => {
    const { code, findings } = await doctor(
      {
        FERRULE_DATABASE_URL: `postgresql://u:${SECRET}@127.0.0.1:1/x`,
        FERRULE_REDIS_URL: `redis://:${SECRET}@127.0.0.1:1`,
        FERRULE_ENABLED_HARDWARE_TYPES: 'nothing',
        FERRULE_LEASE: '-1',
      },
      '--node',
      'n1',
    );
    expect(code).toBe(1);
    const problems = findings.filter(({ level }) => level === 'problem');
    expect(problems.map(({ check, message }) => `${check}: ${message}`)).toEqual([
      expect.stringMatching(/^settings: FERRULE_LEASE must be/),
      expect.stringMatching(/^drivers: .*nothing/),
      expect.stringMatching(/^database: PostgreSQL does not answer: .*ECONNREFUSED/),
      expect.stringMatching(/^queue: The Redis of FERRULE_REDIS_URL does not answer/),
      'node: Node n1 was not checked: the settings are wrong.',
    ]);
    for (const { advice } of problems) expect(advice).toEqual(expect.any(String));
  });

  it('examines authentication, policy, TLS and the address as the start does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-doctor-'));
    const file = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    const key = file('key', SECRET);
    const { code, findings } = await doctor(
      {
        FERRULE_AUTH: 'http_basic,token',
        FERRULE_HTPASSWD: file('htpasswd', `admin:${SECRET}`),
        FERRULE_POLICY: file('policy', 'rules:\n  - name: one\n    decision: allow\n'),
        FERRULE_TLS_KEY: key,
        FERRULE_HOST: 'no-such-host.invalid',
      },
      '--node',
      'n1',
    );
    expect(code).toBe(1);
    expect(of(findings, 'settings').map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'problem: FERRULE_CALLERS must be set, since FERRULE_AUTH has token.',
      expect.stringMatching(/^problem: FERRULE_HTPASSWD: .*wrong: line 1\.$/),
      'problem: FERRULE_TLS_CERT must be set, since FERRULE_TLS_KEY is.',
      expect.stringMatching(/^problem: FERRULE_POLICY: line 2/),
      expect.stringMatching(/^problem: FERRULE_HOST=no-such-host\.invalid is neither/),
    ]);
    expect(of(findings, 'node')).toMatchObject([
      { message: 'Node n1 was not checked: the settings are wrong.' },
    ]);
    const tls = await doctor({ FERRULE_TLS_KEY: key, FERRULE_TLS_CERT: key });
    expect(of(tls.findings, 'settings')).toMatchObject([
      { level: 'problem', message: expect.stringMatching(/^FERRULE_TLS_CERT: .*no certificate in PEM/) },
      { level: 'problem', message: expect.stringMatching(/^FERRULE_TLS_KEY: .*no private key in PEM/) },
    ]);
    rmSync(folder, { recursive: true });
  });

  it('reports a database and a Redis that accept connections and are silent, and no more because of them', async () => {
    const port = await silentServer();
    const { findings } = await doctor(
      {
        FERRULE_DATABASE_URL: `postgresql://u:${SECRET}@127.0.0.1:${port}/x`,
        FERRULE_REDIS_URL: `redis://:${SECRET}@127.0.0.1:${port}`,
      },
      '--node',
      'n1',
    );
    const problems = findings.filter(({ level }) => level === 'problem');
    expect(problems.map(({ check, message }) => `${check}: ${message}`)).toEqual([
      expect.stringMatching(/^database: PostgreSQL does not answer: .*timeout/),
      expect.stringMatching(/^queue: The Redis of FERRULE_REDIS_URL does not answer/),
      'node: Node n1 was not checked: its database does not answer.',
    ]);
    for (const { advice } of problems) expect(advice).toEqual(expect.any(String));
  });

  it('ends although everything that it asks accepts connections and is silent', async () => {
    const port = await silentServer();
    const url = `http://127.0.0.1:${port}`;
    const database = place.open();
    const { uuid } = await insertNode(database);
    await database.close();
    const info = JSON.stringify({ redfish_address: url, redfish_username: 'u', redfish_password: SECRET });
    await sql(
      `update nodes set driver = 'redfish', vendor_interface = 'redfish', driver_info = $1 where uuid = $2`,
      [info, uuid],
    );
    const { code, findings } = await doctor(
      {
        FERRULE_REDIS_URL: `redis://:${SECRET}@127.0.0.1:${port}`,
        FERRULE_AUTH: 'keystone',
        FERRULE_KEYSTONE_URL: url,
        FERRULE_KEYSTONE_USERNAME: 'ferrule',
        FERRULE_KEYSTONE_PASSWORD: SECRET,
        FERRULE_KEYSTONE_TIMEOUT: '1s',
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        FERRULE_WEBHOOK_URL: `https://127.0.0.1:${port}/${SECRET}`,
        FERRULE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
      },
      '--node',
      uuid,
    );
    expect(code).toBe(1);
    const found = findings.filter(({ level }) => level !== 'ok');
    expect(found.map(({ check, level, message }) => `${level} ${check}: ${message}`)).toEqual([
      'warning secrets: Secrets are stored in the clear.',
      expect.stringMatching(/^problem queue: The Redis of FERRULE_REDIS_URL does not answer/),
      expect.stringMatching(/^problem keystone: Keystone at \S+ gives the service no token: .*timeout/),
      expect.stringMatching(
        /^problem webhook: The receiver of webhooks at \S+ cannot be reached: nothing within 5 s/,
      ),
      expect.stringMatching(/^warning collector: The collector of traces at \S+ does not answer: .*timeout/),
      expect.stringMatching(/^problem node: redfish_address \S+: no HTTP answer \(nothing within 5 s\)/),
    ]);
    await sql('delete from nodes');
  });

  it('says that a collector of traces answers, whatever it answers', async () => {
    const server = createServer((_, reply) => reply.writeHead(405).end('x'.repeat(1_000_000)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const { code, findings } = await doctor({
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${port}/v1/traces`,
      });
      expect([code, of(findings, 'collector')]).toMatchObject([
        0,
        [
          {
            level: 'ok',
            message: `The collector of traces at 127.0.0.1:${port} answers HTTP 405.`,
          },
        ],
      ]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    const { findings } = await doctor({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${port}/v1/traces`,
    });
    expect(of(findings, 'collector')).toMatchObject([
      { level: 'warning', advice: expect.stringContaining('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') },
    ]);
  });

  it('reports what a database lacks, is too new for, or waits for', async () => {
    await sql(`insert into jobs (id, state, driver, vendor_interface, method, http_method, request_id)
               values (gen_random_uuid(), 'queued', 'd', 'v', 'm', 'POST', 'r')`);
    expect(of((await doctor()).findings, 'jobs')).toMatchObject([
      { level: 'warning', message: '1 queued, 0 running; live processes of the service: 0.' },
    ]);
    await sql(`insert into secrets_keys (id) values ('0123456789ab')`);
    expect(of((await doctor()).findings, 'secrets')).toMatchObject([
      { level: 'problem', message: expect.stringContaining('0123456789ab') },
    ]);
    await sql('delete from secrets_keys');

    const { number, name } = MIGRATIONS.at(-1) ?? { number: 0, name: '' };
    await sql('update schema_migrations set number = 9999 where number = $1', [number]);
    expect(of((await doctor()).findings, 'database')).toMatchObject([
      { level: 'ok' },
      { level: 'problem', message: expect.stringContaining('newer than this version') },
    ]);
    await sql('delete from schema_migrations where number = 9999');
    expect(of((await doctor()).findings, 'database')).toMatchObject([
      { level: 'ok' },
      {
        level: 'problem',
        message: expect.stringContaining(name),
        advice: expect.stringContaining('ferrule migrate'),
      },
    ]);
  });

  it('starts and makes nothing where no embedded server runs', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'ferrule-doctor-'));
    const data = join(dataDir, 'data');
    env = { FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware', FERRULE_DATA_DIR: data };
    const { code, findings } = await doctor();
    expect([code, existsSync(data)]).toEqual([0, false]);
    expect(of(findings, 'data directory')).toMatchObject([
      { message: expect.stringContaining('no database') },
    ]);
    expect(of(findings, 'database')).toMatchObject([{ message: expect.stringContaining('does not run') }]);

    const folder = join(data, 'postgres');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'PG_VERSION'), '13\n');
    for (const path of [folder, data]) chmodSync(path, 0o777);
    const worse = await doctor();
    expect(of(worse.findings, 'data directory')).toMatchObject([
      { level: 'problem', message: expect.stringMatching(/^Every user may write to/) },
      { level: 'problem', message: expect.stringMatching(/^Every user may enter/) },
      {
        level: 'problem',
        message: expect.stringMatching(/was made by PostgreSQL 13, and this version .* has 18/),
      },
    ]);
    rmSync(dataDir, { recursive: true });
  });

  it('finds the embedded server of a data directory', () => {
    expect(runningServer(testServerFolder())).toMatchObject({ port: 5432, database: 'ferrule' });
    expect(runningServer('/nowhere')).toBeUndefined();
  });
});

describe('ferrule doctor --node', () => {
  let place: TestDatabase;
  let env: Readonly<Record<string, string>>;
  const servers: { close(): void; closeAllConnections?(): void }[] = [];
  beforeAll(async () => {
    place = await testDatabase();
    if (!('host' in place.connection)) throw new TypeError('The test database is on a socket.');
    const { host, user, database } = place.connection;
    env = {
      FERRULE_DATABASE_URL: `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}`,
      FERRULE_ENABLED_HARDWARE_TYPES: 'redfish',
    };
  });
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections?.();
      server.close();
    }
  });
  afterAll(() => place.drop());

  async function listening(server: Server): Promise<number> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  const answer = (_: unknown, reply: { writeHead(status: number): { end(): void } }) =>
    reply.writeHead(401).end();
  const at = (port: number, isTls: boolean, host = '127.0.0.1', limit?: number) =>
    checkReach({ key: 'redfish_address', text: host, host, port, isTls }, async () => undefined, limit);

  /** The findings about a node of the driver redfish. */
  async function ofNode(name: string, driverInfo: object, changes: object = {}): Promise<CheckedFinding[]> {
    const database = place.open();
    try {
      const { uuid } = await insertNode(database);
      const text = `update nodes set name = $1, driver = 'redfish', vendor_interface = 'redfish', driver_info = $2 where uuid = $3`;
      await database.query({ name: 'doctor-node', text }, [name, JSON.stringify(driverInfo), uuid]);
    } finally {
      await database.close();
    }
    const { printed } = await ferruleHere(['doctor', '--json', '--node', name], { ...env, ...changes });
    const { findings } = JSON.parse(printed.join('\n')) as { findings: CheckedFinding[] };
    return findings.filter(({ check }) => check === 'node');
  }

  it('checks the driver_info and the way to the BMC', async () => {
    const port = await listening(createServer(answer));
    const database = place.open();
    const { uuid } = await insertNode(database);
    const info = {
      redfish_address: `http://127.0.0.1:${port}`,
      redfish_password: SECRET,
      // Left over from another driver.
      ipmi_address: '127.0.0.1',
    };
    const text = `update nodes set name = 'n1', driver = 'redfish', vendor_interface = 'redfish', driver_info = $1 where uuid = $2`;
    await database.query({ name: 'doctor-node', text }, [JSON.stringify(info), uuid]);
    await database.close();

    const { code, stdout } = await ferrule(['doctor', '--node', 'n1'], env);
    expect(stdout.split('\n').filter((line) => /^\w+ +node /.test(line))).toEqual([
      expect.stringMatching(`^ok .* The driver redfish accepts the driver_info of node n1 \\(${uuid}\\)\\.$`),
      expect.stringMatching(
        `^ok .* redfish_address 127\\.0\\.0\\.1:${port}: answers HTTP 401 after \\d+ ms\\.$`,
      ),
    ]);
    expect(code).toBe(0);
    expect(stdout).not.toContain(SECRET);
  });

  it('judges the certificate, and leaves the trust in it to the driver', async () => {
    const { certPem: cert, keyPem: key } = selfSignedCertificate();
    const port = await listening(createTlsServer({ cert, key }, answer));
    expect(await at(port, true, 'localhost')).toMatchObject([
      {
        level: 'ok',
        message: expect.stringContaining('not trusted by this system (DEPTH_ZERO_SELF_SIGNED_CERT)'),
      },
      { level: 'ok', message: expect.stringMatching(/localhost:\d+ \(127\.0\.0\.1\): answers HTTP 401/) },
    ]);
    const old = selfSignedCertificate({ notAfter: new Date(Date.now() - 1_000) });
    const expired = await listening(createTlsServer({ cert: old.certPem, key: old.keyPem }, answer));
    expect((await at(expired, true))[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('has expired'),
    });
  });

  it('connects only to addresses that the driver accepts, also to those of names', async () => {
    let connections = 0;
    const server = createServer(answer).on('connection', () => connections++);
    const port = await listening(server);
    const elsewhere = { FERRULE_BMC_NETWORKS: '10.0.0.0/8, fd00::/8' };
    expect(await ofNode('named', { redfish_address: `http://localhost:${port}` }, elsewhere)).toMatchObject([
      { level: 'ok' },
      {
        level: 'problem',
        message: expect.stringMatching(
          / localhost:\d+ \((?:127\.0\.0\.1|::1)\): the driver does not connect .*NETWORKS/,
        ),
        advice: expect.stringContaining('FERRULE_BMC_NETWORKS'),
      },
    ]);
    // Of a cloud's metadata service.
    expect(await ofNode('literal', { redfish_address: 'http://100.100.100.200' })).toMatchObject([
      { level: 'problem', message: expect.stringContaining('metadata addresses are refused') },
    ]);
    expect(connections).toBe(0);
  });

  it('does not wait for a BMC that accepts connections and is silent', async () => {
    const port = await silentServer();
    const soon = (isTls: boolean) => at(port, isTls, '127.0.0.1', 100);
    expect(await soon(true)).toMatchObject([
      { level: 'problem', message: expect.stringContaining('no TLS (nothing within 0.1 s)') },
    ]);
    expect(await soon(false)).toMatchObject([
      { level: 'problem', message: expect.stringContaining('no HTTP answer (nothing within 0.1 s)') },
    ]);
  });

  it('says where the way ends', async () => {
    expect(await at(443, true, 'no-such-bmc.invalid')).toMatchObject([
      { level: 'problem', message: expect.stringMatching(/the name has no address/) },
    ]);
    expect(await at(1, true)).toMatchObject([
      { level: 'problem', message: expect.stringMatching(/no connection \(connect ECONNREFUSED/) },
    ]);
    const plain = await listening(createServer(answer));
    expect(await at(plain, true)).toMatchObject([
      { level: 'problem', message: expect.stringMatching(/no TLS \(wrong version number\)\.$/) },
    ]);
    const hangUp = createTcpServer((socket: Socket) => socket.end('SSH-2.0-dropbear\r\n'));
    hangUp.listen(0, '127.0.0.1');
    await once(hangUp, 'listening');
    servers.push(hangUp);
    const { port } = hangUp.address() as AddressInfo;
    expect(await at(port, false)).toMatchObject([
      { level: 'problem', message: expect.stringMatching(/no HTTP answer \(the answer is not HTTP\)/) },
    ]);
  });
});
