import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../../support/app.js';
import { lockNode } from '../../support/locks.js';
import { type Body, createNode, showNode, setColumns } from './requests.js';

describe('the deletion and maintenance of nodes', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const create = (body?: Body, version?: number) => createNode(app, body, version);
  const show = (ident: unknown, version?: number) => showNode(app, ident, version);
  const inDatabase = (uuid: unknown, values: Body) => setColumns(app, uuid, values);

  describe('deletion', () => {
    const remove = (uuid: unknown, query = '') => app.http.delete(`/v1/nodes/${String(uuid)}${query}`);

    it('is 204 without a body, once', async () => {
      const { uuid, name } = await create({ name: `gone-${randomUUID()}` });
      (await remove(name, '?x=1')).expect(400);
      const answer = (
        await app.http.delete(`/v1/nodes/${String(name)}`, {
          headers: { 'Content-Type': 'application/octet-stream' },
        })
      ).expect(204);
      expect(answer.contentType).toBeUndefined();
      (await remove(uuid)).expect(404);
    });

    it('is refused by the first rule that applies', async () => {
      const { uuid } = await create({ instance_uuid: randomUUID() });
      await inDatabase(uuid, { protected: true, provision_state: 'active' });
      (await remove(uuid)).expect(409);
      await inDatabase(uuid, { instance_uuid: null });
      (await remove(uuid)).expect(403);
      await inDatabase(uuid, { maintenance: true });
      (await remove(uuid)).expect(403);
      await inDatabase(uuid, { protected: false, maintenance: false });
      (await remove(uuid)).expect(409);
      await inDatabase(uuid, { maintenance: true });
      (await remove(uuid)).expect(204);
    });

    it('is refused for a parent', async () => {
      const { uuid } = await create();
      const child = await create({ parent_node: uuid });
      (await remove(uuid)).expect(409);
      (await remove(child['uuid'])).expect(204);
      (await remove(uuid)).expect(204);
    });

    it('waits for the lock', async () => {
      const { uuid } = await create();
      await locked(uuid);
      const answer = (await remove(uuid)).expect(409);
      expect(answer.fault.faultstring).toContain('cond-b');
    });
  });

  describe('maintenance', () => {
    const path = (uuid: unknown, query = '') => `/v1/nodes/${String(uuid)}/maintenance${query}`;
    const reasonOf = async (uuid: unknown) => {
      const { maintenance, maintenance_reason: reason } = await show(uuid);
      return [maintenance, reason];
    };

    it('is set with and without a reason, and unset', async () => {
      const { uuid } = await create();
      const answer = (await app.http.put(path(uuid), { reason: 'disk swap' })).expect(202);
      expect(answer.text).toBe('');
      expect(answer.contentType).toBeUndefined();
      expect(await reasonOf(uuid)).toEqual([true, 'disk swap']);
      (await app.http.put(path(uuid), { reason: null })).expect(202);
      expect(await reasonOf(uuid)).toEqual([true, null]);
      (await app.http.put(path(uuid, '?reason=from%20query'))).expect(202);
      expect(await reasonOf(uuid)).toEqual([true, 'from query']);
      (await app.http.put(path(uuid), { reason: 'ž'.repeat(5000) })).expect(202);
      expect(await reasonOf(uuid)).toEqual([true, 'ž'.repeat(4096)]);
      await inDatabase(uuid, { fault: 'power failure' });
      (await app.http.delete(path(uuid))).expect(202);
      (await app.http.delete(path(uuid))).expect(202);
      expect(await reasonOf(uuid)).toEqual([false, null]);
      expect(await show(uuid)).toMatchObject({ fault: null });
    });

    it('refuses invalid bodies, parameters and paths', async () => {
      const { uuid } = await create();
      for (const body of [{ reason: 5 }, { nosuch: 1 }, [], 'x', { reason: 'a\0' }]) {
        (await app.http.put(path(uuid), body)).expect(400);
      }
      (await app.http.send('PUT', path(uuid), { raw: '{bad' })).expect(400);
      (await app.http.put(path(uuid, '?reason=a'), { reason: 'b' })).expect(400);
      (await app.http.delete(path(uuid, '?reason=a'))).expect(400);
      (await app.http.delete(path(uuid), { json: { reason: 'a' } })).expect(400);
      (await app.http.put(path(uuid, '/foo'))).expect(404);
      expect(await reasonOf(uuid)).toEqual([false, null]);
      (await app.http.put(path('nosuch'))).expect(404);
      await locked(uuid);
      (await app.http.put(path(uuid))).expect(409);
    });
  });

  const locked = (uuid: unknown): Promise<void> => lockNode(app.database, String(uuid), 'cond-b');

  it('logs every change with its fields and its request, and no value', async () => {
    const answer = await app.http.post('/v1/nodes', {
      driver: 'fake-hardware',
      driver_info: { ipmi_password: 'log-secret' },
    });
    const { uuid } = answer.expect(201).json<{ uuid: string }>();
    const change = await app.http.patch(`/v1/nodes/${uuid}`, [
      { op: 'add', path: '/driver_info/api_key', value: 'log-secret' },
      { op: 'add', path: '/description', value: 'log-secret' },
    ]);
    const maintenance = await app.http.send('PUT', `/v1/nodes/${uuid}/maintenance`, {
      json: { reason: 'log-secret' },
    });
    await app.http.patch(`/v1/nodes/${uuid}`, [{ op: 'add', path: '/maintenance', value: true }]);
    const removal = await app.http.send('DELETE', `/v1/nodes/${uuid}`, {});
    const request = (of: typeof answer) => String(of.headers['x-openstack-request-id']);
    const lines = app.log.text.split('\n').filter((line) => line.includes(uuid));
    expect(lines).toEqual([
      expect.stringContaining(`Node ${uuid} of driver fake-hardware was created (${request(answer)}).`),
      expect.stringContaining(`Node ${uuid} was changed: driver_info, description (${request(change)}).`),
      expect.stringContaining(
        `Node ${uuid} was changed: maintenance, maintenance_reason (${request(maintenance)}).`,
      ),
      expect.stringContaining(`Node ${uuid} was deleted (${request(removal)}).`),
    ]);
    expect(app.log.text).not.toContain('log-secret');
  });
});
