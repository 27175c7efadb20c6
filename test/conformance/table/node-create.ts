import { having, links, NOBODY, type Row, uuid } from '../row.js';

const create = (name: string, members: unknown, status: number, more: Partial<Row> = {}): Row => ({
  name,
  section: '4.4',
  call: 'POST /v1/nodes',
  json: members,
  status,
  // What was refused left nothing behind.
  ...(status >= 400 ? { nodes: [], after: { path: '/v1/nodes', body: { nodes: [] } } } : {}),
  ...more,
});

const node = (members: Record<string, unknown> = {}): Record<string, unknown> => ({
  driver: 'fake-hardware',
  ...members,
});

/** A string one too long for a field. */
const long = (most: number): string => 'x'.repeat(most + 1);

const LOCATION = /^http:\/\/127\.0\.0\.1:\d+\/v1\/nodes\/[0-9a-f-]{36}$/;

export const nodeCreate: readonly Row[] = [
  create('the least', node(), 201, {
    nodes: [],
    answers: { location: LOCATION, 'content-type': 'application/json' },
    body: having({ driver: 'fake-hardware', name: null, provision_state: 'enroll' }),
  }),
  create(
    'with all sorts of things',
    node({ name: 'n', properties: { cpus: 4 }, extra: { a: [1, null, 'ž'] } }),
    201,
    {
      body: having({ name: 'n', properties: { cpus: 4 }, extra: { a: [1, null, 'ž'] } }),
    },
  ),
  create('with a UUID of the caller', node({ uuid: NOBODY }), 201, {
    answers: { location: new RegExp(`/v1/nodes/${NOBODY}$`) },
    body: having({ uuid: NOBODY, links: links(`nodes/${NOBODY}`) }),
  }),
  create('defaults of the interfaces', node(), 201, {
    body: having({
      vendor_interface: 'fake',
      power_interface: 'fake',
      network_interface: 'noop',
      storage_interface: 'noop',
      bios_interface: 'fake',
    }),
  }),
  create('an interface of the caller', node({ vendor_interface: 'no-vendor' }), 201, {
    body: having({ vendor_interface: 'no-vendor' }),
  }),
  create('an interface that is not there', node({ vendor_interface: 'nosuch' }), 400, { says: /no-vendor/ }),
  create('an interface of another type', node({ vendor_interface: 'ipmitool' }), 400),
  create('no driver', { name: 'n' }, 400, { says: /driver/ }),
  create('a null driver', { driver: null }, 400),
  create('an unknown driver is 400 here', { driver: 'nosuch' }, 400, { says: /nosuch/ }),
  create('nothing', {}, 400),
  create('no body', undefined, 400),
  ...[[node()], null, 42, 'text', true].map((body) => create(`the body ${JSON.stringify(body)}`, body, 400)),
  create('an unknown key', node({ nosuch: 1 }), 400, { says: /nosuch/ }),
  ...[
    'provision_state',
    'power_state',
    'traits',
    'protected',
    'reservation',
    'last_error',
    'links',
    'created_at',
    'updated_at',
    'fault',
    'conductor',
    'allocation_uuid',
    'health',
  ].map((key) => create(`${key} is not the caller's`, node({ [key]: null }), 400, { says: new RegExp(key) })),
  create('any query', node(), 400, { call: 'POST /v1/nodes?x=1' }),
  ...['true', '1', 'YES', 'on', 't', true].map((maintenance) =>
    create(`maintenance: ${JSON.stringify(maintenance)}`, node({ maintenance }), 201, {
      body: having({ maintenance: true }),
    }),
  ),
  create('maintenance: null is false', node({ maintenance: null }), 201, {
    body: having({ maintenance: false }),
  }),
  create('maintenance: "banana"', node({ maintenance: 'banana' }), 400),
  create('properties: null is {}', node({ properties: null }), 201, { body: having({ properties: {} }) }),
  ...['properties', 'extra', 'driver_info', 'instance_info', 'network_data'].map((key) =>
    create(`${key} that is no object`, node({ [key]: 'text' }), 400, { says: new RegExp(key) }),
  ),
  create('memory_mb that is no number', node({ properties: { memory_mb: 'much' } }), 400),
  create('local_gb below zero', node({ properties: { local_gb: -1 } }), 400),
  create('memory_mb in digits', node({ properties: { memory_mb: '4096' } }), 201),
  create('a uuid that is none', node({ uuid: 'nope' }), 400),
  create('an instance_uuid that is none', node({ instance_uuid: 'nope' }), 400),
  create('a chassis that is not there', node({ chassis_uuid: NOBODY }), 400),
  create('an owner', node({ owner: 'me' }), 201, { body: having({ owner: 'me' }) }),
  create('retired at once', node({ retired: true, retired_reason: 'old' }), 201, {
    body: having({ retired: true, retired_reason: 'old' }),
  }),
  create('a description', node({ description: 'ž'.repeat(4096) }), 201),
  ...Object.entries({ description: 4096, resource_class: 80, owner: 255, lessee: 255, shard: 255 }).map(
    ([key, most]) =>
      create(`${key} of ${most + 1} characters`, node({ [key]: long(most) }), 400, { says: new RegExp(key) }),
  ),
  create("a conductor group of its own is nobody's", node({ conductor_group: 'other' }), 400),
  create('a parent by its name', node({ parent_node: 'node-1' }), 201, {
    nodes: [{}],
    body: having({ parent_node: uuid(1) }),
  }),
  create('a parent that is not there', node({ parent_node: NOBODY }), 400),
  create(
    "the instance's display name is not its name yet",
    node({ instance_info: { display_name: 'vm' } }),
    201,
    {
      body: having({ instance_name: null, instance_info: { display_name: 'vm' } }),
    },
  ),
  create('an empty resource class is none', node({ resource_class: '' }), 201, {
    body: having({ resource_class: null }),
  }),
  create('a name twice', node({ name: 'node-1' }), 409, { nodes: [{}], after: alone(), says: /node-1/ }),
  create('a UUID twice', node({ uuid: uuid(1) }), 409, { nodes: [{}], after: alone() }),
  create('an instance twice', node({ instance_uuid: NOBODY }), 409, {
    nodes: [{ instance_uuid: NOBODY }],
    after: { path: '/v1/nodes?fields=name', body: { nodes: [having({ name: 'node-1' })] } },
  }),
  create('below 1.11 it is available', node(), 201, {
    version: 10,
    body: having({ provision_state: 'available' }),
  }),
  create('from 1.11 on it is enrolled', node(), 201, {
    version: 11,
    body: having({ provision_state: 'enroll' }),
  }),
  create('below 1.2 available is shown as null', node(), 201, {
    version: 1,
    body: having({ provision_state: null }),
  }),
  create('a null of a later version', node({ name: null }), 201, { version: 1 }),
  create('an empty conductor group of a later version', node({ conductor_group: '' }), 201, { version: 1 }),
  ...['text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded'].map((type) =>
    create(`JSON sent as ${type}`, undefined, 201, {
      raw: JSON.stringify(node()),
      headers: { 'Content-Type': type },
    }),
  ),
  create('the last of two equal keys counts', undefined, 201, {
    raw: '{"driver": "nosuch", "driver": "fake-hardware"}',
  }),
];

/** Only node-1 is there. */
function alone(): NonNullable<Row['after']> {
  return { path: '/v1/nodes?fields=name', body: { nodes: [having({ name: 'node-1' })] } };
}
