import { setMaxListeners } from 'node:events';
import { type Database } from '../../src/database/database.js';
import { startApp, type TestApp } from '../support/app.js';
import { lockNode, unlockNode } from '../support/locks.js';
import { call, createNode, ended, jobOf } from '../support/passthru.js';
import { until } from '../support/until.js';

describe('calls that wait for the lock of a node', () => {
  let service: TestApp;
  let node: string;
  beforeAll(async () => (service = await startApp({ FERRULE_TRUSTED_PROXIES: '127.0.0.0/8' })));
  afterAll(() => service.close());
  beforeEach(async () => {
    node = await createNode(service.http);
    await lockNode(service.database, node, 'cond-b');
  });

  const request = (method: string, query: string, headers: Record<string, string> = {}) =>
    service.http.send('POST', `/v1/nodes/${node}/vendor_passthru/${method}${query}`, { json: {}, headers });

  it.each([
    ['synchronous', 'work', 200],
    ['asynchronous', 'report_progress', 202],
  ])('are %s, and get it when it is free', async (_kind, method, status) => {
    const waiting = request(method, '?wait=60');
    await until(async () => (await standing(service.database, node)) === 1);
    await unlockNode(service.database, node);
    const answer = (await waiting).expect(status);
    expect(answer.headers).not.toHaveProperty('preference-applied');
    if (status === 202) await ended(service.http, jobOf(answer));
  });

  it('may ask for it with Prefer, which the answer confirms', async () => {
    const waiting = request('work', '', { Prefer: 'respond-async, wait=100' });
    await until(async () => (await standing(service.database, node)) === 1);
    await unlockNode(service.database, node);
    expect((await waiting).expect(200).headers).toMatchObject({ 'preference-applied': 'wait=60' });
  });

  it.each(['wait=soon', 'wait', 'wait=-1', 'wait="', 'handling=strict'])(
    'do not wait because of Prefer: %s',
    async (written) => {
      const answer = (await request('work', '', { Prefer: written })).expect(409);
      expect(answer.headers).not.toHaveProperty('preference-applied');
      expect(await standing(service.database, node)).toBe(0);
    },
  );

  it('wait as long as the query says, whatever Prefer says', async () => {
    const answer = (await request('work', '?wait=0', { Prefer: 'wait=60' })).expect(409);
    expect(answer.headers).not.toHaveProperty('preference-applied');
  });

  it.each(['?wait=61', '?wait=-1', '?wait=1.5', '?wait=', '?wait=1&wait=1'])(
    'cannot wait for %s',
    async (query) => {
      expect((await request('work', query)).expect(400).fault.faultstring).toContain('wait');
    },
  );

  it('get 409 when the time is over', async () => {
    const answer = (await request('work', '?wait=1')).expect(409);
    expect(answer.fault.faultstring).toContain(
      'is locked by host cond-b, please retry after the current operation is completed',
    );
    await until(async () => (await standing(service.database, node)) === 0);
  });

  it.each([
    ['work', 200],
    ['report_progress', 202],
  ])('are not overtaken: %s', async (method, status) => {
    const text = `
      insert into lock_waiters (node_id, token, conductor_id, until)
      select nodes.id, gen_random_uuid(), conductors.id, now() + interval '1 hour'
      from nodes, conductors where nodes.uuid = $1 and hostname = 'cond-a'`;
    await service.database.query({ name: 'test-stand', text }, [node]);
    await unlockNode(service.database, node);
    (await call(service.http, node, method)).expect(409);
    await service.database.query({ name: 'test-leave', text: 'delete from lock_waiters' }, []);
    const answer = (await call(service.http, node, method)).expect(status);
    if (status === 202) await ended(service.http, jobOf(answer));
  });

  it('are checked again if the node was changed meanwhile', async () => {
    const waiting = ['work', 'report_progress'].map((method) => request(method, '?wait=60'));
    await until(async () => (await standing(service.database, node)) === 2);
    await service.database.query(
      {
        name: 'test-change',
        text: `update nodes set vendor_interface = 'fake-b', updated_at = now() where uuid = $1`,
      },
      [node],
    );
    await unlockNode(service.database, node);
    for (const answer of await Promise.all(waiting)) {
      expect(answer.expect(409).fault.faultstring).toContain('vendor interface of node');
    }
  });

  it('leave places to those of others', async () => {
    const leave = new AbortController();
    setMaxListeners(0, leave.signal);
    const wait = (from: string) =>
      service.http.send('POST', `/v1/nodes/${node}/vendor_passthru/work?wait=60`, {
        ...{ json: {}, headers: { 'X-Forwarded-For': from }, signal: leave.signal },
      });
    const left = Array.from({ length: 25 }, () => expect(wait('192.0.2.1')).rejects.toThrow('aborted'));
    await until(async () => (await standing(service.database, node)) === 25);
    expect((await wait('192.0.2.1')).expect(409).fault.faultstring).toContain('25 calls of this caller wait');
    left.push(expect(wait('192.0.2.2')).rejects.toThrow('aborted'));
    await until(async () => (await standing(service.database, node)) === 26);
    leave.abort();
    await Promise.all(left);
    await until(async () => (await standing(service.database, node)) === 0);
  });

  it('do not block a method with a shared lock', async () => {
    const answer = await service.http.get(`/v1/nodes/${node}/vendor_passthru/echo?wait=60&a=1`);
    expect(answer.expect(200).json()).toMatchObject({ args: { a: 1 } });
  });
});

async function standing(database: Database, node: string): Promise<number> {
  const text = 'select from lock_waiters join nodes on nodes.id = node_id where uuid = $1';
  return (await database.query({ name: 'test-standing', text }, [node])).length;
}
