import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../support/app.js';
import { lockNode, silenceHolder } from '../support/locks.js';

type Body = Record<string, unknown>;

describe('nodes', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const create = async (body: Body = {}, version = 109): Promise<Body> =>
    (await app.http.post('/v1/nodes', { driver: 'fake-hardware', ...body }, { version }))
      .expect(201)
      .json<Body>();
  const show = async (ident: unknown, version = 109): Promise<Body> =>
    (await app.http.get(`/v1/nodes/${String(ident)}`, { version })).expect(200).json<Body>();
  const inDatabase = (uuid: unknown, values: Body) =>
    app.database.kysely.updateTable('nodes').set(values).where('uuid', '=', String(uuid)).execute();

  describe('creation', () => {
    it('answers with the whole node, including nulls', async () => {
      const name = `whole-${randomUUID()}`;
      const answer = await app.http.post('/v1/nodes', {
        driver: 'fake-hardware',
        name,
        properties: { cpus: 4 },
      });
      const node = answer.expect(201).json<Body>();
      expect(answer.headers.location).toBe(`${app.http.base}/v1/nodes/${String(node['uuid'])}`);
      expect(answer.contentType).toBe('application/json');
      expect(Object.keys(node)).toHaveLength(69);
      expect(node).toMatchObject({
        name,
        driver: 'fake-hardware',
        driver_info: {},
        properties: { cpus: 4 },
        provision_state: 'enroll',
        power_state: null,
        maintenance: false,
        last_error: null,
        reservation: null,
        conductor: 'cond-a',
        conductor_group: '',
        traits: [],
        automated_clean: null,
        secure_boot: null,
        vendor_interface: 'fake',
        network_interface: 'noop',
        updated_at: null,
      });
      expect(node['created_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
      expect(await show(name)).toEqual(node);
    });

    it('accepts every field that may be set', async () => {
      const uuid = randomUUID();
      const wanted = {
        uuid: uuid.toUpperCase(),
        name: `all-${uuid}`,
        driver_info: { B1: 'x' },
        extra: { '': [1, { deep: null }], z: 1, a: 'ž🐎' },
        properties: { local_gb: '10', memory_mb: 4096 },
        instance_info: { display_name: 'shown' },
        instance_uuid: randomUUID(),
        maintenance: 'yes',
        console_enabled: true,
        boot_mode: 'uefi',
        secure_boot: 'off',
        automated_clean: 'True',
        disable_power_off: true,
        retired: true,
        retired_reason: 'old',
        network_data: { links: [], networks: [], services: [] },
        resource_class: 'baremetal',
        owner: 'me',
        lessee: 'you',
        description: 'žluťoučký kůň 🐎',
        shard: 'Rack-1',
        vendor_interface: 'no-vendor',
        storage_interface: 'fake',
      };
      expect(await create(wanted)).toMatchObject({
        ...wanted,
        uuid,
        maintenance: true,
        secure_boot: false,
        automated_clean: true,
        instance_name: null,
      });
    });

    it.each([1, 2, 4, 5, 10, 11])('starts in the state of version 1.%d', async (version) => {
      const node = await create({}, version);
      const state = version >= 11 ? 'enroll' : version >= 2 ? 'available' : null;
      expect(node['provision_state']).toBe(state);
      expect('name' in node).toBe(version >= 5);
    });

    it('accepts null for fields that are not set', async () => {
      await create({ properties: null, maintenance: null, name: null, vendor_interface: null, uuid: null });
      await create({ name: null, conductor_group: '' }, 1);
    });

    it.each<[string, unknown]>([
      ['no driver', {}],
      ['a null driver', { driver: null }],
      ['an unknown driver', { driver: 'nosuch' }],
      ['a driver that is no text', { driver: 5 }],
      ['an array', []],
      ['null', null],
      ['a number', 42],
      ['a surplus member', { driver: 'fake-hardware', nosuch: 1 }],
      ['__proto__', { driver: 'fake-hardware', ['__proto__']: 1 }],
      ...[
        'provision_state',
        'power_state',
        'traits',
        'protected',
        'reservation',
        'last_error',
        'links',
        'created_at',
        'id',
      ].map((field): [string, unknown] => [
        `the internal ${field}`,
        { driver: 'fake-hardware', [field]: null },
      ]),
      ...Object.entries({
        uuid: 'nope',
        instance_uuid: 5,
        chassis_uuid: randomUUID(),
        properties: 'text',
        extra: [],
        driver_info: 1,
        maintenance: 'maybe',
        automated_clean: 2,
        resource_class: 'x'.repeat(81),
        description: 'x'.repeat(4097),
        owner: 'x'.repeat(256),
        instance_name: '',
        name: 'bad name!',
        vendor_interface: 'nosuch',
        network_interface: 'neutron',
        conductor_group: 'nowhere',
        parent_node: randomUUID(),
        network_data: { links: 5 },
        shard: 7,
      }).map(([field, value]): [string, unknown] => [
        `${field} ${JSON.stringify(value).slice(0, 20)}`,
        { driver: 'fake-hardware', [field]: value },
      ]),
      ['negative memory', { driver: 'fake-hardware', properties: { memory_mb: -1 } }],
      ['memory in words', { driver: 'fake-hardware', properties: { memory_mb: 'much' } }],
      ['a NUL', { driver: 'fake-hardware', description: 'a\0b' }],
      ['a NUL deep inside', { driver: 'fake-hardware', extra: { a: [{ 'k\0': 1 }] } }],
      ['half a character', { driver: 'fake-hardware', owner: '\ud800' }],
    ])('refuses %s', async (_, body) => {
      const before = await count();
      const { fault } = (await app.http.post('/v1/nodes', body)).expect(400);
      expect(fault.faultcode).toBe('Client');
      expect(await count()).toBe(before);
    });

    it('refuses malformed JSON and queries', async () => {
      (await app.http.send('POST', '/v1/nodes', { raw: '{bad' })).expect(400);
      const { fault } = (await app.http.post('/v1/nodes?zeta=1&alpha=2', { driver: 'fake-hardware' })).expect(
        400,
      );
      expect(fault.faultstring).toBe('Unexpected arguments: alpha, zeta');
    });

    it('refuses fields that the version does not have', async () => {
      for (const [field, value, since] of [
        ['name', 'x', 5],
        ['name', '', 5],
        ['vendor_interface', 'fake', 31],
        ['owner', 'me', 50],
        ['retired', false, 61],
        ['instance_name', 'i', 104],
      ] as const) {
        const body = { driver: 'fake-hardware', [field]: value };
        (await app.http.post('/v1/nodes', body, { version: since - 1 })).expect(406);
      }
    });

    it('refuses a name or UUID that another node has', async () => {
      const name = `twice-${randomUUID()}`;
      const instance = randomUUID();
      const { uuid } = await create({ name, instance_uuid: instance });
      for (const body of [{ name }, { uuid }, { instance_uuid: instance }]) {
        const answer = await app.http.post('/v1/nodes', { driver: 'fake-hardware', ...body });
        expect(answer.expect(409).fault.faultstring).toContain(Object.values(body)[0]);
      }
    });

    it('stores the parent by its UUID', async () => {
      const name = `parent-${randomUUID()}`.slice(0, 36);
      const parent = await create({ name });
      expect(await create({ parent_node: name })).toMatchObject({ parent_node: parent['uuid'] });
    });
  });

  describe('showing', () => {
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
      for (const path of ['detail', 'bogus', 'ports', 'traits', 'states/power']) {
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
  });

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

  const count = async (): Promise<unknown> => {
    const { n } = await app.database.kysely
      .selectFrom('nodes')
      .select(({ fn }) => fn.countAll().as('n'))
      .executeTakeFirstOrThrow();
    return n;
  };
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
