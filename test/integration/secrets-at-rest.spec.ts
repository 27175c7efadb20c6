import { randomBytes, randomUUID } from 'node:crypto';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { createApp, listen } from '../../src/app.module.js';
import { Conductor } from '../../src/conductors/conductor.js';
import { type Database } from '../../src/database/database.js';
import { checkKeys } from '../../src/cli/doctor/checks/keys.js';
import { KeyRegister } from '../../src/keys/key-register.js';
import { Rotation } from '../../src/keys/rotation.js';
import { PassthruNodes } from '../../src/nodes/record/passthru-nodes.js';
import { SecretsAtRest } from '../../src/secrets/at-rest/secrets-at-rest.js';
import { setUp } from '../../src/setup.js';
import { MemoryLog } from '../support/app.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { HttpClient } from '../support/http-client.js';
import { call, createNode, ended, fields, jobOf, readJob } from '../support/passthru.js';
import { until } from '../support/until.js';

const [OLD, NEW] = [newKey(), newKey()];
const TABLES = `
  select format('%I.%I', table_schema, table_name) as name from information_schema.tables
  where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;

interface Running {
  readonly app: NestExpressApplication;
  readonly http: HttpClient;
  readonly log: MemoryLog;
}

function newKey(): string {
  return randomBytes(32).toString('base64');
}

function idOf(key: string): string {
  return String(secretsOf(key).keys.first);
}

function secretsOf(keys: string): SecretsAtRest {
  return new SecretsAtRest(keys.split(',').map((key) => Buffer.from(key, 'base64')));
}

describe('secrets at rest', () => {
  let place: TestDatabase;
  let database: Database;
  const running = new Set<Running>();
  async function setPlace(): Promise<void> {
    place = await testDatabase();
    database = place.open();
  }
  async function leavePlace(): Promise<void> {
    for (const each of running) await stop(each);
    await database.close();
    await place.drop();
  }

  async function start(keys: string, env: Record<string, string> = {}): Promise<Running> {
    const setup = await setUp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
      FERRULE_HOSTNAME: `host-${randomUUID()}`,
      FERRULE_LOCK_INTERVAL: '10ms',
      FERRULE_SECRETS_KEY: keys,
      FERRULE_SHUTDOWN_TIMEOUT: '1',
      ...env,
    });
    const app = await createApp(setup, database);
    const log = new MemoryLog();
    app.useLogger(log);
    try {
      await listen(app, { port: 0, host: '127.0.0.1' });
    } catch (error) {
      await app.close();
      throw error;
    }
    const started = { app, log, http: new HttpClient(await app.getUrl()) };
    running.add(started);
    return started;
  }

  async function stop(each: Running): Promise<void> {
    running.delete(each);
    each.http.close();
    await each.app.close();
  }

  /** Every row of every table as text. */
  async function dump(): Promise<string> {
    const tables = await database.query<{ name: string }>({ name: 'test-tables', text: TABLES }, []);
    const texts = tables.map(async ({ name }) => {
      const all = { name: `test-dump-${name}`, text: `select t::text as row from ${name} t` };
      return (await database.query<{ row: string }>(all, [])).map(({ row }) => row);
    });
    return (await Promise.all(texts)).flat().join('\n');
  }

  /** The driver_info that a method gets. */
  async function seen({ app }: Running, node: string): Promise<unknown> {
    return (await app.get(PassthruNodes).getByUuid(node)).driverInfo;
  }

  async function neededKeys(): Promise<string[]> {
    const text = 'select id from secrets_keys';
    const rows = await database.query<{ id: string }>({ name: 'test-ids', text }, []);
    return rows.map(({ id }) => id).sort();
  }

  function rotate(keys: string, signal = new AbortController().signal) {
    return new Rotation(secretsOf(keys), signal).run(database);
  }

  describe('of a serving process', () => {
    let service: Running;
    beforeAll(async () => {
      await setPlace();
      service = await start(OLD, { FERRULE_CONDUCTOR_CONCURRENCY: '1' });
    });
    afterAll(() => leavePlace());

    it('are in no table, and are for clients and methods as they were', async () => {
      const planted = Array.from({ length: 7 }, () => `planted-${randomUUID()}`);
      const [password, nested, inUrl, drive, patched, noted, argument] = planted;
      const { http } = service;
      const info = {
        address: 'bmc.example',
        password,
        users: [{ secret: { deep: [nested] } }],
        url: `https://u:${inUrl}@bmc`,
      };
      const node = await createNode(http, { driver_info: info, instance_info: { configdrive: drive } });
      const add = [
        { op: 'add', path: '/driver_info/users/0/token', value: patched },
        { op: 'replace', path: '/driver_info/users/0/secret/deep/0', value: 'other' },
        { op: 'remove', path: '/driver_info/url' },
      ];
      (await http.patch(`/v1/nodes/${node}`, add)).expect(200);
      const note = await http.put(`/v1/nodes/${node}/vendor_passthru/note`, {
        key: 'session',
        value: { token: noted },
      });
      note.expect(200);
      const steps = jobOf(await call(http, await createNode(http), 'report_progress', { steps: 3 }));
      expect(await ended(http, steps)).toMatchObject({ state: 'succeeded', result: { steps: 3 } });
      const running = jobOf(await call(http, await createNode(http), 'sleep', { seconds: 60 }));
      await until(async () => (await readJob(http, running)).state === 'running');
      const queued = jobOf(
        await call(http, await createNode(http), 'fail', { message: `token=${argument}` }),
      );
      expect((await readJob(http, queued)).state).toBe('queued');

      const text = await dump();
      expect(text).toContain('bmc.example');
      expect(text).toContain('"session"');
      for (const secret of planted) expect(text).not.toContain(secret);
      expect(await seen(service, node)).toEqual({
        address: 'bmc.example',
        password,
        users: [{ secret: { deep: ['other'] }, token: patched }],
      });
      const { driverInternalInfo } = await service.app.get(PassthruNodes).getByUuid(node);
      expect(driverInternalInfo).toEqual({ session: { token: noted } });
      expect(await fields(http, node, 'driver_info', 'instance_info')).toEqual({
        driver_info: {
          address: 'bmc.example',
          password: '******',
          users: [{ secret: { deep: ['other'] }, token: '******' }],
        },
        instance_info: { configdrive: '******' },
      });
    });

    it('are in no answer that is kept for a key, which repeats get as it was', async () => {
      const { http } = service;
      const node = await createNode(http);
      const planted = `planted-${randomUUID()}`;
      const ask = () =>
        http.post(
          `/v1/nodes/${node}/vendor_passthru/echo`,
          { token: planted },
          { headers: { 'Idempotency-Key': `of-${node}` } },
        );
      const first = (await ask()).expect(200);
      expect(first.text).toContain(planted);
      const text = await dump();
      for (const form of [planted, Buffer.from(planted).toString('hex')]) expect(text).not.toContain(form);
      const again = (await ask()).expect(200);
      expect(again.bytes).toEqual(first.bytes);
      expect(again.headers['content-type']).toBe(first.headers['content-type']);
      expect(again.headers['idempotency-replayed']).toBe('true');
      // Not into another row.
      const move = {
        name: 'test-move-answer',
        text: `update idempotency_keys set id = gen_random_uuid() where body is not null`,
      };
      await database.query(move, []);
      const damaged = (await ask()).expect(500);
      expect(damaged.fault.faultstring).toContain('cannot be decrypted');
    });

    it('cannot be planted as ciphertext', async () => {
      const { http } = service;
      const node = await createNode(http, { driver_info: { password: 'calvin-1' } });
      const text = await dump();
      const sealed = /ferrule-sealed:[\w:+/=]+/.exec(text)?.[0];
      expect(sealed).toBeDefined();
      const patch = [{ op: 'add', path: '/driver_info/note', value: sealed }];
      const answer = await http.patch(`/v1/nodes/${node}`, patch);
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('may begin with')]);
    });

    it('are an error for a call when they were moved in the database, and the node can still be shown', async () => {
      const { http } = service;
      const [from, to] = [
        await createNode(http, { driver_info: { password: 'calvin-1' } }),
        await createNode(http),
      ];
      const move = {
        name: 'test-move',
        text: `update nodes set driver_info = (select driver_info from nodes where uuid = $1) where uuid = $2`,
      };
      await database.query(move, [from, to]);
      const answer = await call(http, to, 'echo');
      expect([answer.status, answer.text]).toEqual([500, expect.stringContaining('cannot be decrypted')]);
      expect(answer.text).not.toMatch(/calvin|ferrule-sealed/);
      expect(await fields(http, to, 'driver_info')).toEqual({ driver_info: { password: '******' } });
    });
  });

  describe('of a process that was stopped', () => {
    beforeAll(async () => {
      await setPlace();
      await stop(await start(OLD));
    });
    afterAll(() => leavePlace());

    it.each([
      ['without a key', '', 'but FERRULE_SECRETS_KEY is not set'],
      ['with another key', NEW, 'which FERRULE_SECRETS_KEY does not have'],
    ])('stop a start %s, which names the missing one', async (_, keys, why) => {
      await expect(start(keys)).rejects.toMatchObject({
        name: 'StartError',
        message: expect.stringContaining(`${idOf(OLD)}, ${why}`) as string,
      });
      expect(await neededKeys()).toEqual([idOf(OLD)]);
    });

    it('are not declared rotated without the key that they have', async () => {
      await expect(rotate(NEW)).rejects.toThrow(idOf(OLD));
    });
  });

  describe('in their database', () => {
    beforeEach(() => setPlace());
    afterEach(() => leavePlace());

    it('refuse a job whose arguments were changed in the database, and no other', async () => {
      const before = await start(OLD, { FERRULE_CONDUCTOR_CONCURRENCY: '1' });
      const running = jobOf(await call(before.http, await createNode(before.http), 'sleep', { seconds: 60 }));
      await until(async () => (await readJob(before.http, running)).state === 'running');
      const queue = async () =>
        jobOf(await call(before.http, await createNode(before.http), 'report_progress', { steps: 1 }));
      const damaged = await queue();
      const other = await queue();
      await stop(before);
      const swap = {
        name: 'test-swap',
        text: 'update jobs set args = (select args from jobs where id = $1) where id = $2',
      };
      const idIn = (path: string) => path.split('/').at(-1);
      await database.query(swap, [idIn(other), idIn(damaged)]);
      const { http } = await start(OLD);
      expect(await ended(http, other)).toMatchObject({ state: 'succeeded' });
      expect(await ended(http, damaged)).toMatchObject({
        state: 'refused',
        error: { code: 'SecretDamaged', message: expect.stringContaining('cannot be decrypted') as string },
      });
    });

    it('are in the clear without a key, which the start says once, until they are rotated', async () => {
      const service = await start('');
      const node = await createNode(service.http, { driver_info: { password: 'planted-clear' } });
      expect(service.log.text.match(/stored in the clear/g)).toHaveLength(1);
      expect(await dump()).toContain('planted-clear');
      await expect(rotate(OLD)).rejects.toThrow(
        /^The process on host-.* still stores secrets with another key, or without/,
      );
      // This process has no key, so it must not take what the rotation wrote for the password.
      expect(await dump()).not.toContain('planted-clear');
      const answer = await call(service.http, node, 'echo');
      expect([answer.status, answer.text]).toEqual([500, expect.stringContaining(`the key ${idOf(OLD)}`)]);
      expect(await seen(await start(OLD), node)).toEqual({ password: 'planted-clear' });
    });

    it('may be in answers that were kept before the first key', async () => {
      const text = `
        insert into idempotency_keys (caller, key, id, fingerprint, state, body)
        values ('', '', gen_random_uuid(), '', 'answered', 'planted')`;
      await database.query({ name: 'test-keep', text }, []);
      const register = new KeyRegister(database);
      await register.add(idOf(OLD));
      expect(await register.inUse()).toEqual({ ids: [idOf(OLD)], mayBeClear: true });
      await rotate(OLD);
      expect((await register.inUse()).mayBeClear).toBe(false);
    });

    it('that were stored before the first key are named by each start and by the doctor, until they are rotated', async () => {
      const advice = async () =>
        (await checkKeys({ secretsKey: [Buffer.from(OLD, 'base64')] }, place.connection)).map(
          ({ level, message }) => `${level}: ${message}`,
        );
      const service = await start('');
      await createNode(service.http, { driver_info: { password: 'planted-clear' } });
      await stop(service);
      expect(await advice()).toEqual([expect.stringMatching(/^warning: No process encrypts with the key /)]);
      for (let count = 0; count < 2; count++) {
        const { log } = await start(OLD);
        expect(log.text).toContain('may be in the clear, until you run `ferrule secrets rotate`');
      }
      expect(await advice()).toEqual([
        `warning: Secrets that were stored before there was a key may be in the clear. FERRULE_SECRETS_KEY has the key ${idOf(OLD)} (encrypts).`,
      ]);
      for (const each of running) await stop(each);
      await rotate(OLD);
      expect(await advice()).toEqual([`ok: FERRULE_SECRETS_KEY has the key ${idOf(OLD)} (encrypts).`]);
      expect((await start(OLD)).log.text).not.toContain('secrets rotate');
    });
  });

  describe('when the key is rotated', () => {
    const NODES = 50;
    const both = `${NEW},${OLD}`;
    beforeEach(() => setPlace());
    afterEach(() => leavePlace());

    async function fill({ http }: Running): Promise<string[]> {
      return Promise.all(
        Array.from({ length: NODES }, (_, index) =>
          createNode(http, { driver_info: { password: `first-${index}` } }),
        ),
      );
    }

    it('lose no change that a serving process makes meanwhile', async () => {
      const before = await start(OLD);
      const nodes = await fill(before);
      await stop(before);
      const service = await start(both);
      const { http } = service;
      const waiting = jobOf(await call(http, await createNode(http), 'sleep', { seconds: 0.2 }));
      expect(await dump()).toContain(idOf(OLD));
      const change = async (node: string, index: number): Promise<void> => {
        const patch = [{ op: 'replace', path: '/driver_info/password', value: `second-${index}` }];
        (await http.patch(`/v1/nodes/${node}`, patch)).expect(200);
        (await call(http, node, 'report_progress')).expect(202);
      };
      const [rotated] = await Promise.all([rotate(both), ...nodes.map(change)]);
      expect(rotated.isWhole).toBe(true);
      const text = await dump();
      expect(text).toContain(`ferrule-sealed:`);
      expect(text).not.toMatch(/first-\d|second-\d/);
      expect(text).not.toContain(idOf(OLD));
      expect(await ended(http, waiting)).toMatchObject({ state: 'succeeded' });
      await stop(service);
      const after = await start(NEW);
      for (const [index, node] of nodes.entries()) {
        expect(await seen(after, node)).toEqual({ password: `second-${index}` });
      }
    });

    it('have the answers that are kept for keys with them, also those in the clear', async () => {
      const ask = async ({ http }: Running, node: string, key: string) =>
        (
          await http.post(
            `/v1/nodes/${node}/vendor_passthru/echo`,
            { token: `planted-${key}` },
            { headers: { 'Idempotency-Key': key } },
          )
        ).expect(200);
      const clear = await start('');
      const node = await createNode(clear.http);
      const first = await ask(clear, node, 'clear');
      await stop(clear);
      const before = await start(OLD);
      const second = await ask(before, node, 'old');
      await stop(before);
      expect(await rotate(both)).toMatchObject({ answers: 2, isWhole: true });
      expect(await rotate(both)).toMatchObject({ answers: 0, isWhole: true });
      expect(await dump()).not.toContain(Buffer.from('planted').toString('hex'));
      const after = await start(NEW);
      for (const [key, answer] of [
        ['clear', first],
        ['old', second],
      ] as const) {
        const again = await ask(after, node, key);
        expect([again.bytes, again.headers['content-type']]).toEqual([
          answer.bytes,
          answer.headers['content-type'],
        ]);
        expect(again.headers['idempotency-replayed']).toBe('true');
      }
    });

    it('can be read after an interruption, and the next run goes on', async () => {
      const before = await start(OLD);
      const nodes = await fill(before);
      await stop(before);
      const interrupt = new AbortController();
      const interrupted: Pick<Database, 'query'> = {
        query: async (statement, values) => {
          if (statement.name.startsWith('rotation-write')) interrupt.abort();
          return database.query(statement, values);
        },
      };
      const first = await new Rotation(secretsOf(both), interrupt.signal).run(interrupted);
      expect(first.isWhole).toBe(false);
      expect(first.nodes).toBeGreaterThan(0);
      expect(first.nodes).toBeLessThan(NODES);
      const service = await start(both);
      for (const [index, node] of nodes.entries()) {
        expect(await seen(service, node)).toEqual({ password: `first-${index}` });
      }
      await stop(service);
      await expect(start(NEW)).rejects.toThrow(idOf(OLD));
      expect(await rotate(both)).toEqual({ nodes: NODES - first.nodes, jobs: 0, answers: 0, isWhole: true });
      expect(await seen(await start(NEW), nodes[0] ?? '')).toEqual({ password: 'first-0' });
    });

    it('are not declared rotated while a process encrypts with the old key, and what it writes stays readable', async () => {
      const late = await start(OLD);
      const before = await createNode(late.http, { driver_info: { password: 'before' } });
      await expect(rotate(both)).rejects.toThrow(/still stores secrets with another key/);
      // What was encrypted anew it refuses to use, and says which key it lacks.
      const answer = await call(late.http, before, 'echo');
      expect([answer.status, answer.text]).toEqual([500, expect.stringContaining(`the key ${idOf(NEW)}`)]);
      const after = await createNode(late.http, { driver_info: { password: 'after' } });
      await expect(start(NEW)).rejects.toThrow(idOf(OLD));
      await stop(late);

      expect(await rotate(both)).toEqual({ nodes: 1, jobs: 0, answers: 0, isWhole: true });
      await expect(start(OLD)).rejects.toThrow(idOf(NEW));
      const service = await start(NEW);
      expect(await seen(service, before)).toEqual({ password: 'before' });
      expect(await seen(service, after)).toEqual({ password: 'after' });
    });

    it('take back a key whose process began while they were declared rotated', async () => {
      await stop(await start(both));
      const beginning: Pick<Database, 'query'> = {
        query: async (statement, values) => {
          if (statement.name === 'secrets-keys-keep-only') {
            const text = `insert into conductors (id, hostname, expires_at, secrets_key)
              values (gen_random_uuid(), 'new-one', now() + interval '1 minute', $1)`;
            await database.query({ name: 'test-begin', text }, [idOf(OLD)]);
          }
          return database.query(statement, values);
        },
      };
      const { signal } = new AbortController();
      await expect(new Rotation(secretsOf(both), signal).run(beginning)).rejects.toThrow(
        'The process on new-one',
      );
      expect(await neededKeys()).toEqual([idOf(OLD), idOf(NEW)].sort());
    });

    it('need the key of a process again whose lease had ended when they were declared rotated', async () => {
      const frozen = await start(OLD);
      await database.query({ name: 'test-end', text: 'update conductors set expires_at = now()' }, []);
      expect(await rotate(both)).toMatchObject({ isWhole: true });
      expect(await neededKeys()).toEqual([idOf(NEW)]);
      await frozen.app.get(Conductor).beat();
      expect(frozen.app.get(Conductor).hasLease).toBe(true);
      expect(await neededKeys()).toEqual([idOf(OLD), idOf(NEW)].sort());
    });
  });
});
