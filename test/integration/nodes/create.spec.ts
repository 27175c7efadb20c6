import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../../support/app.js';
import { type Body, createNode, showNode } from './requests.js';

describe('the creation of a node', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const create = (body?: Body, version?: number) => createNode(app, body, version);
  const show = (ident: unknown, version?: number) => showNode(app, ident, version);

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

  const count = async (): Promise<unknown> => {
    const { n } = await app.database.kysely
      .selectFrom('nodes')
      .select(({ fn }) => fn.countAll().as('n'))
      .executeTakeFirstOrThrow();
    return n;
  };
});
