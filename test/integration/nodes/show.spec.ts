import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../../support/app.js';
import { lockNode, silenceHolder } from '../../support/locks.js';
import { type Body, createNode, showNode, setColumns } from './requests.js';

describe('showing a node', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const create = (body?: Body, version?: number) => createNode(app, body, version);
  const show = (ident: unknown, version?: number) => showNode(app, ident, version);
  const inDatabase = (uuid: unknown, values: Body) => setColumns(app, uuid, values);

  it('finds a node by each spelling of its UUID, and links to the usual one', async () => {
    const node = await create({ name: `show-${randomUUID()}` });
    const uuid = String(node['uuid']);
    for (const ident of [uuid, uuid.toUpperCase(), uuid.replaceAll('-', ''), node['name'], `${uuid}/`]) {
      expect(await show(ident)).toEqual(node);
    }
    expect(node['links']).toEqual([
      { href: `${app.http.base}/v1/nodes/${uuid}`, rel: 'self' },
      { href: `${app.http.base}/nodes/${uuid}`, rel: 'bookmark' },
    ]);
    const bookmark = await app.http.get(`/nodes/${uuid}`);
    expect(bookmark.expect(200).json()).toEqual(node);
  });

  it('answers 404 for an unknown node and 400 for an invalid identifier', async () => {
    const name = String((await create({ name: `old-${randomUUID()}` }))['name']);
    (await app.http.get(`/v1/nodes/${name}`, { version: 4 })).expect(404);
    (await app.http.get('/v1/nodes/nosuch')).expect(404);
    (await app.http.get(`/v1/nodes/${randomUUID()}`)).expect(404);
    for (const path of ['%20', 'a%2Fb', 'a%00b', 'x'.repeat(256)]) {
      (await app.http.get(`/v1/nodes/${path}`)).expect(400);
    }
    for (const path of ['detail', 'bogus', 'ports/x', 'traits', 'states/x']) {
      (await app.http.get(`/v1/nodes/${name}/${path}`)).expect(404);
    }
  });

  it('falls back to the name that ends in .json', async () => {
    const plain = `json-${randomUUID()}`;
    const node = await create({ name: `${plain}.json` });
    expect(await show(`${plain}.json`, 90)).toMatchObject({ uuid: node['uuid'] });
    expect(await show(`${plain}.json`, 91)).toMatchObject({ uuid: node['uuid'] });
    const other = await create({ name: plain });
    expect(await show(`${plain}.json`, 90)).toMatchObject({ uuid: other['uuid'] });
  });

  it('hides fields that the version does not have', async () => {
    const { uuid } = await create({ owner: 'me' });
    const keys = async (version: number) => Object.keys(await show(uuid, version));
    expect(await keys(1)).toHaveLength(22);
    expect(await keys(49)).not.toContain('owner');
    expect(await keys(50)).toContain('owner');
    expect(await keys(108)).not.toContain('health');
  });

  it('shows states by the names of the version', async () => {
    const { uuid } = await create();
    await inDatabase(uuid, { provision_state: 'inspect wait' });
    expect(await show(uuid, 38)).toMatchObject({ provision_state: 'inspecting' });
    expect(await show(uuid, 39)).toMatchObject({ provision_state: 'inspect wait' });
    await inDatabase(uuid, { provision_state: 'available' });
    expect(await show(uuid, 1)).toMatchObject({ provision_state: null });
    expect(await show(uuid, 2)).toMatchObject({ provision_state: 'available' });
  });

  it('selects fields', async () => {
    const { uuid, links } = await create();
    const fields = async (query: string, version = 109) =>
      app.http.get(`/v1/nodes/${String(uuid)}?${query}`, { version });
    expect((await fields('fields=UUID,driver')).json()).toEqual({ uuid, driver: 'fake-hardware', links });
    expect((await fields('fields=conductor&fields=traits')).json()).toEqual({
      conductor: 'cond-a',
      traits: [],
      links,
    });
    expect((await fields('fields=')).json()).toEqual({ links });
    for (const field of ['nosuch', 'links', 'created_at', 'ports', 'constructor']) {
      (await fields(`fields=${field}`)).expect(400);
    }
    (await fields('fields=uuid', 7)).expect(406);
    (await fields('fields=vendor_interface', 30)).expect(406);
    (await fields('detail=true')).expect(400);
  });

  it('never shows secrets', async () => {
    const { uuid } = await create({
      driver_info: {
        fake_password: 'hunter2',
        url: 'http://h/?password=hunter2',
        snmp_auth_key: 'hunter2',
      },
      instance_info: { configdrive: 'hunter2', nested: { list: [{ token: 'hunter2' }] } },
      extra: { note: 'shown' },
    });
    for (const path of [
      `/v1/nodes/${String(uuid)}`,
      '/v1/nodes/detail',
      '/v1/nodes?fields=driver_info,instance_info',
    ]) {
      const { text } = (await app.http.get(path)).expect(200);
      expect(text).toContain('******');
      expect(text).not.toContain('hunter2');
    }
  });

  it('shows who holds it', async () => {
    const { uuid } = await create();
    await lockNode(app.database, String(uuid), 'cond-b');
    expect(await show(uuid)).toMatchObject({ reservation: 'cond-b' });
    await silenceHolder(app.database, String(uuid));
    expect(await show(uuid)).toMatchObject({ reservation: null });
  });

  it('answers 405 to other verbs', async () => {
    const { uuid } = await create();
    const one = `/v1/nodes/${String(uuid)}`;
    expect((await app.http.put(one)).expect(405).headers['allow']).toBe('DELETE, GET, PATCH');
    expect((await app.http.send('HEAD', one)).expect(405).headers['allow']).toBe('DELETE, GET, PATCH');
    expect((await app.http.get(`${one}/maintenance`)).expect(405).headers['allow']).toBe('DELETE, PUT');
    expect((await app.http.put('/v1/nodes')).expect(405).headers['allow']).toBe('DELETE, GET, PATCH, POST');
    (await app.http.delete('/v1/nodes')).expect(400);
    (await app.http.patch('/v1/nodes', [])).expect(400);
  });

  it('validates in both forms, locked or not', async () => {
    const { uuid, name } = await create({ name: `valid-${randomUUID()}` });
    await locked(uuid);
    for (const path of [
      `/v1/nodes/${String(name)}/validate`,
      `/v1/nodes/validate?node=${String(name)}`,
      `/v1/nodes/validate?node_uuid=${String(uuid)}`,
    ]) {
      const validation = (await app.http.get(path)).expect(200).json<Body>();
      expect(Object.keys(validation).sort()).toEqual(
        'bios boot console deploy firmware inspect management network power raid rescue storage'.split(' '),
      );
      expect(validation).toMatchObject({ deploy: { result: true }, power: { result: true } });
    }
    const bare = await create({ bios_interface: 'no-bios' });
    expect((await app.http.get(`/v1/nodes/${String(bare['uuid'])}/validate`)).json()).toMatchObject({
      bios: { result: false, reason: expect.stringContaining('bios') as unknown },
    });
    (await app.http.get('/v1/nodes/validate')).expect(400);
    (await app.http.get('/v1/nodes/validate?node=nosuch')).expect(404);
    (await app.http.get(`/v1/nodes/${String(name)}/validate`, { version: 4 })).expect(406);
    (await app.http.get(`/v1/nodes/validate?node=${String(name)}`, { version: 4 })).expect(406);
    await inDatabase(uuid, { driver: 'gone' });
    (await app.http.get(`/v1/nodes/${String(uuid)}/validate`)).expect(404);
    expect(await show(uuid)).toMatchObject({ conductor: null });
  });

  it('shows states', async () => {
    const { uuid } = await create();
    const states = async (version: number) =>
      Object.keys(
        (await app.http.get(`/v1/nodes/${String(uuid)}/states`, { version })).expect(200).json<Body>(),
      );
    expect(await states(1)).toHaveLength(7);
    expect(await states(12)).toEqual(expect.arrayContaining(['raid_config', 'target_raid_config']));
    expect(await states(75)).toHaveLength(11);
    (await app.http.get(`/v1/nodes/${String(uuid)}/states?x=1`)).expect(400);
    (await app.http.get('/v1/nodes/nosuch/states')).expect(404);
  });

  const locked = (uuid: unknown): Promise<void> => lockNode(app.database, String(uuid), 'cond-b');
});
