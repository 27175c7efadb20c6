import { having, type Row, uuid } from '../row.js';

type Operation = readonly [op: string, path: string, value?: unknown];

/** A refused patch must change nothing. */
const patch = (
  name: string,
  operations: readonly Operation[],
  status: number,
  more: Partial<Row> = {},
): Row => ({
  name,
  section: '4.9',
  call: 'PATCH /v1/nodes/node-1',
  nodes: [{ extra: { a: 1, list: [1, 2] } }],
  json: operations.map(([op, path, ...value]) => ({
    op,
    path,
    ...(value.length > 0 ? { value: value[0] } : {}),
  })),
  status,
  ...(status >= 400 ? { after: UNCHANGED } : {}),
  ...more,
});

const UNCHANGED = {
  path: '/v1/nodes/node-1?fields=uuid,extra,driver,name',
  body: having({ uuid: uuid(1), extra: { a: 1, list: [1, 2] }, driver: 'fake-hardware', name: 'node-1' }),
};

const body = (name: string, json: unknown): Row => patch(name, [], 400, { json });

const gives = (members: Record<string, unknown>): Partial<Row> => ({ body: having(members) });

const READ_ONLY = [
  'uuid',
  'provision_state',
  'power_state',
  'traits',
  'reservation',
  'last_error',
  'fault',
  'conductor',
  'allocation_uuid',
  'links',
  'console_enabled',
  'boot_mode',
  'secure_boot',
  'created_at',
  'health',
  'driver_internal_info',
  'nosuch',
];

const NETWORK_DATA = { links: [], networks: [], services: [{ type: 'dns', address: '10.0.0.1' }] };

const EMPTIED: readonly [field: string, given: unknown, empty: unknown][] = [
  ['driver_info', { a: 1 }, {}],
  ['properties', { a: 1 }, {}],
  ['instance_info', { a: 1 }, {}],
  ['vendor_interface', 'no-vendor', 'fake'],
  ['owner', 'me', null],
  ['lessee', 'me', null],
  ['shard', 'a', null],
  ['resource_class', 'gold', null],
  ['instance_name', 'vm', null],
  ['instance_uuid', '00000000-0000-4000-8000-0000000000ff', null],
  ['description', 'text', null],
  ['retired', true, null],
  ['disable_power_off', true, null],
  ['maintenance', true, false],
  ['automated_clean', true, null],
  ['conductor_group', '', ''],
];

const GATED: readonly [field: string, since: number, value: unknown][] = [
  ['name', 5, 'x'],
  ['resource_class', 21, 'x'],
  ['vendor_interface', 31, 'fake'],
  ['description', 51, 'x'],
  ['retired', 61, true],
  ['shard', 82, 'x'],
  ['disable_power_off', 95, true],
];

const REMOVABLE: readonly (readonly [field: string, since: number])[] = [
  ...GATED.map(([field, since]) => [field, since] as const),
  ['network_interface', 20],
  ...['boot', 'console', 'deploy', 'inspect', 'management', 'power', 'raid'].map(
    (kind) => [`${kind}_interface`, 31] as const,
  ),
  ['storage_interface', 33],
  ['rescue_interface', 38],
  ['bios_interface', 40],
  ['conductor_group', 46],
  ['automated_clean', 47],
  ['protected', 48],
  ['protected_reason', 48],
  ['owner', 50],
  ['retired_reason', 61],
  ['lessee', 65],
  ['network_data', 66],
  ['parent_node', 83],
  ['firmware_interface', 86],
  ['instance_name', 104],
];

export const nodePatch: readonly Row[] = [
  patch('add', [['add', '/extra/b', { c: 1 }]], 200, gives({ extra: { a: 1, list: [1, 2], b: { c: 1 } } })),
  patch('add to an existing member', [['add', '/extra/a', 2]], 200, gives({ extra: { a: 2, list: [1, 2] } })),
  patch('replace', [['replace', '/extra/a', null]], 200, gives({ extra: { a: null, list: [1, 2] } })),
  patch('remove', [['remove', '/extra/a']], 200, gives({ extra: { list: [1, 2] } })),
  patch('into a list', [['add', '/extra/list/1', 9]], 200, gives({ extra: { a: 1, list: [1, 9, 2] } })),
  patch(
    'to the end of a list',
    [['add', '/extra/list/-', 9]],
    200,
    gives({ extra: { a: 1, list: [1, 2, 9] } }),
  ),
  patch('out of a list', [['remove', '/extra/list/0']], 200, gives({ extra: { a: 1, list: [2] } })),
  patch('a whole object', [['add', '/extra', { 'with.dot': 1 }]], 200, gives({ extra: { 'with.dot': 1 } })),
  patch(
    'one after the other',
    [
      ['add', '/extra/b', {}],
      ['add', '/extra/b/c', 1],
      ['remove', '/extra/a'],
    ],
    200,
    gives({ extra: { list: [1, 2], b: { c: 1 } } }),
  ),
  patch('nothing', [], 200, gives({ extra: { a: 1, list: [1, 2] } })),
  patch('an unchanged value', [['replace', '/driver', 'fake-hardware']], 200),
  patch('a new name', [['replace', '/name', 'other']], 200, gives({ name: 'other' })),
  patch('a boolean in words', [['add', '/maintenance', 'yes']], 200, gives({ maintenance: true })),
  patch(
    'an interface',
    [['add', '/vendor_interface', 'no-vendor']],
    200,
    gives({ vendor_interface: 'no-vendor' }),
  ),
  ...['application/json', 'application/json-patch+json', 'application/octet-stream'].map((type) =>
    patch(`as ${type}`, [['add', '/extra/b', 1]], 200, { headers: { 'Content-Type': type } }),
  ),
  patch('sets updated_at', [['add', '/extra/b', 1]], 200, {
    body: having({ updated_at: expect.any(String) }),
    after: { path: '/v1/nodes/node-1?fields=extra', body: having({ extra: { a: 1, list: [1, 2], b: 1 } }) },
  }),

  body('an object', { op: 'add', path: '/extra/b', value: 1 }),
  body('null', null),
  body('a text', 'x'),
  body('an operation that is not an object', ['add']),
  body('an operation without op', [{ path: '/extra/b', value: 1 }]),
  body('an operation without path', [{ op: 'add', value: 1 }]),
  body('an operation with an unknown member', [{ op: 'add', path: '/extra/b', value: 1, from: '/x' }]),
  ...['test', 'move', 'copy', 'ADD'].map((op) => patch(`the operation ${op}`, [[op, '/extra/a', 1]], 400)),
  ...['add', 'replace'].map((op) => patch(`${op} without a value`, [[op, '/extra/b']], 400)),
  ...[
    '',
    '/',
    'extra/a',
    '/extra/',
    '/extra//a',
    '/extra/a.b',
    '/extra/a~1b',
    '/extra/a b',
    '/extra/a%20b',
  ].map((path) => patch(`the path ${JSON.stringify(path)}`, [['add', path, 1]], 400)),
  ...['replace', 'remove'].map((op) => patch(`${op} of a missing member`, [[op, '/extra/nosuch', 1]], 400)),
  patch('add below a missing member', [['add', '/extra/nosuch/b', 1]], 400),
  patch('beyond the end of a list', [['add', '/extra/list/3', 1]], 400),
  patch("a list's member that is no number", [['add', '/extra/list/x', 1]], 400),
  ...READ_ONLY.map((field) => patch(`${field} is not the caller's`, [['add', `/${field}`, 'x']], 400)),
  patch('an object that becomes a text', [['add', '/extra', 'x']], 400),
  patch('an invalid boolean', [['add', '/maintenance', 'banana']], 400),
  patch('a text that is a number', [['add', '/owner', 5]], 400),
  patch(
    'one invalid operation refuses the whole patch',
    [
      ['add', '/extra/b', 1],
      ['remove', '/extra/nosuch'],
    ],
    400,
  ),
  ...EMPTIED.map(([field, given, empty]) =>
    patch(`remove of ${field}`, [['remove', `/${field}`]], 200, {
      nodes: [{ [field]: given }],
      ...gives({ [field]: empty }),
    }),
  ),
  ...EMPTIED.map(([field, given, empty]) =>
    patch(`null for ${field}`, [['replace', `/${field}`, null]], 200, {
      nodes: [{ [field]: given }],
      ...gives({ [field]: empty }),
    }),
  ),
  patch('remove of network_data', [['remove', '/network_data']], 200, {
    nodes: [{ network_data: NETWORK_DATA }],
    ...gives({ network_data: {} }),
  }),
  patch('network_data', [['add', '/network_data', NETWORK_DATA]], 200, gives({ network_data: NETWORK_DATA })),
  ...[null, {}, { links: [] }, { links: [], networks: [], services: [{}] }, 'text'].map((value) =>
    patch(`${JSON.stringify(value)} for network_data`, [['replace', '/network_data', value]], 400, {
      nodes: [{ extra: { a: 1, list: [1, 2] }, network_data: NETWORK_DATA }],
    }),
  ),
  patch('a part of network_data', [['add', '/network_data/links', []]], 200, {
    nodes: [{ network_data: NETWORK_DATA }],
    ...gives({ network_data: { ...NETWORK_DATA, links: [] } }),
  }),
  patch('a wrong part of network_data', [['add', '/network_data/links', [{}]]], 400, {
    nodes: [{ extra: { a: 1, list: [1, 2] }, network_data: NETWORK_DATA }],
    says: /links/,
  }),
  patch('remove of the name', [['remove', '/name']], 200, gives({ name: null })),
  patch('null for the name', [['replace', '/name', null]], 400),
  patch('remove of the driver', [['remove', '/driver']], 400),
  patch('null for the driver', [['replace', '/driver', null]], 400),
  ...GATED.map(([field, since, value]) =>
    patch(`${field} before 1.${since}`, [['add', `/${field}`, value]], 406, {
      call: `PATCH /v1/nodes/${uuid(1)}`,
      version: since - 1,
    }),
  ),
  ...REMOVABLE.map(([field, since]) =>
    patch(`remove of ${field} before 1.${since}`, [['remove', `/${field}`]], 200, {
      call: `PATCH /v1/nodes/${uuid(1)}`,
      version: since - 1,
    }),
  ),
  ...GATED.map(([field, since, value]) =>
    patch(`${field} at 1.${since}`, [['add', `/${field}`, value]], 200, {
      version: since,
      ...gives({ [field]: value }),
    }),
  ),
  patch('an unknown node', [], 404, { call: 'PATCH /v1/nodes/nosuch' }),
  patch('other parameters', [], 400, { call: 'PATCH /v1/nodes/node-1?x=1' }),
];
