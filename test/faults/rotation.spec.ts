import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { SecretsAtRest } from '../../src/secrets/at-rest/secrets-at-rest.js';
import { Child } from '../support/child.js';
import { commandEnvironment } from '../support/command.js';
import { call, createNode, ended, jobOf, readJob } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { ProxiedDatabase, type Way } from './proxied-database.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/ferrule.mjs');
const [OLD, NEW] = [newKey(), newKey()];
/** More than are rewritten in one statement. */
const NODES = 25;

function newKey(): string {
  return randomBytes(32).toString('base64');
}

interface StoredNode extends Record<string, unknown> {
  readonly uuid: string;
  readonly driver_info: { readonly password: string };
  readonly instance_info: { readonly token: string };
}

describe('A rotation of keys that is killed, beside a service that writes', () => {
  let directory: DataDirectory;
  let database: ProxiedDatabase;
  let way: Way;
  const secrets = new Map<string, string>();
  const planted: string[] = [];
  const newSecret = (): string => {
    const secret = `planted-${randomUUID()}`;
    planted.push(secret);
    return secret;
  };
  beforeAll(async () => {
    directory = await dataDirectory({ isNew: true });
    database = await ProxiedDatabase.create();
    way = await database.way();
  });
  afterAll(async () => {
    await directory.dispose();
    await database.dispose();
  });

  const start = async (keys: string): Promise<Service> => {
    const direct = await database.way();
    return directory.start({
      ...direct.env,
      FERRULE_SECRETS_KEY: keys,
      FERRULE_CONDUCTOR_CONCURRENCY: '1',
      FERRULE_SHUTDOWN_TIMEOUT: '1s',
    });
  };

  const rotate = (): Child => {
    const env = { ...way.env, FERRULE_SECRETS_KEY: `${NEW},${OLD}` };
    return new Child(
      spawn(process.execPath, [PROGRAM, 'secrets', 'rotate'], {
        env: commandEnvironment(env),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  };

  async function killedAt(statement: RegExp): Promise<void> {
    way.proxy.freezeNext(statement);
    const rotation = rotate();
    await until(() => way.proxy.pending === 0 || rotation.process.exitCode !== null);
    expect(rotation.process.exitCode).toBeNull();
    await rotation.kill('SIGKILL');
    // With the statement that was not forwarded.
    way.proxy.cut();
  }

  const stored = () =>
    database.sql<StoredNode>('select uuid, driver_info, instance_info from nodes order by id');
  const storedWith = async (key: string, field: 'driver_info' | 'instance_info'): Promise<number> => {
    const id = new SecretsAtRest([Buffer.from(key, 'base64')]).keys.first ?? '';
    const rows = await stored();
    return rows.filter((row) => JSON.stringify(row[field]).includes(id)).length;
  };

  it('is run again until it ends, and then one key is enough for all that was acknowledged', async () => {
    let service = await start(OLD);
    for (let made = 0; made < NODES; made++) {
      const [password, token] = [newSecret(), newSecret()];
      const uuid = await createNode(service.http, { driver_info: { password }, instance_info: { token } });
      secrets.set(uuid, password);
    }
    const [node = ''] = secrets.keys();
    const job = async (method: string, args: object, on = node): Promise<string> =>
      jobOf(await call(service.http, on, method, args));
    const [first, second, ...others] = secrets.keys();
    // The second one occupies the next service, so that those behind it stay queued.
    const running = await job('sleep', { seconds: 60 }, first);
    await until(async () => (await readJob(service.http, running)).state === 'running');
    const occupying = await job('sleep', { seconds: 60 }, second);
    const queued: string[] = [];
    for (const each of others.slice(0, 3)) {
      queued.push(await job('fail', { kind: 'conflict', message: `token=${newSecret()}` }, each));
    }
    await service.stop();

    service = await start(`${NEW},${OLD}`);
    await until(async () => (await readJob(service.http, occupying)).state === 'running');
    let isWriting = true;
    const written = others.slice(-3);
    const writers = written.map(async (uuid) => {
      while (isWriting) {
        const password = newSecret();
        const patch = [{ op: 'replace', path: '/driver_info/password', value: password }];
        const answer = await service.http.patch(`/v1/nodes/${uuid}`, patch);
        if (answer.status === 200) secrets.set(uuid, password);
        else answer.expect(409);
      }
    });

    await killedAt(/rotation-write-nodes-instance_info/);
    expect(await storedWith(NEW, 'driver_info')).toBeGreaterThan(written.length);
    expect(await storedWith(OLD, 'driver_info')).toBeGreaterThan(0);
    expect(await storedWith(OLD, 'instance_info')).toBeGreaterThan(NODES - written.length);
    queued.push(await job('fail', { kind: 'conflict', message: `token=${newSecret()}` }, others[4]));
    await killedAt(/rotation-write-jobs-args/);
    expect(await storedWith(OLD, 'instance_info')).toBe(0);
    for (let turn = 0, code: unknown; code !== 0; turn++) {
      expect(turn).toBeLessThan(5);
      code = await rotate().ended();
    }
    isWriting = false;
    await Promise.all(writers);
    await service.stop();

    const only = new SecretsAtRest([Buffer.from(NEW, 'base64')]);
    expect(await database.sql('select id from secrets_keys')).toEqual([{ id: only.keys.first }]);
    const rows = await stored();
    const opened = rows.map(({ uuid, driver_info: info }) => [
      uuid,
      only.openedField(uuid, 'driver_info', info).password,
    ]);
    expect(opened).toEqual([...secrets]);
    const tables = ['nodes', 'jobs', 'audit', 'reservations', 'secrets_keys'];
    const dumps = tables.map((table) =>
      database.sql<{ row: string }>(`select t::text as row from ${table} t`),
    );
    const text = (await Promise.all(dumps))
      .flat()
      .map(({ row }) => row)
      .join('\n');
    expect(planted.filter((secret) => text.includes(secret))).toEqual([]);

    service = await start(NEW);
    for (const path of queued) {
      expect(await ended(service.http, path)).toMatchObject({
        state: 'failed',
        error: { code: 'Conflict', message: 'token=******' },
      });
    }
  });
});
