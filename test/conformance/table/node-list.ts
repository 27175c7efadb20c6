import { having, links, NOBODY, type Row, uuid } from '../row.js';

const THREE = [{}, {}, {}];

/** `found`: the numbers of the listed nodes. */
const list = (
  name: string,
  query: string,
  found: readonly number[] | number,
  nodes: Row['nodes'] = THREE,
  more: Partial<Row> = {},
): Row => ({
  name,
  section: '4.6',
  call: `GET /v1/nodes${query}`,
  nodes,
  ...(typeof found === 'number'
    ? { status: found }
    : { status: 200, body: having({ nodes: found.map((n) => having({ uuid: uuid(n) })) }) }),
  ...more,
});

const pair = (first: Record<string, unknown>, second: Record<string, unknown> = {}): Row['nodes'] => [
  first,
  second,
];

const next = (path: string): unknown =>
  expect.stringMatching(new RegExp(`^http://127\\.0\\.0\\.1:\\d+${path}$`));

const unnamed = {
  uuid: uuid(1),
  instance_uuid: null,
  maintenance: false,
  power_state: null,
  provision_state: 'enroll',
  links: links(`nodes/${uuid(1)}`),
};
const summary = { ...unnamed, name: 'node-1' };

const FILTERS: readonly [query: string, found: readonly number[], nodes: Row['nodes']][] = [
  [`instance_uuid=${NOBODY}`, [2], pair({}, { instance_uuid: NOBODY })],
  [`instance_uuid=${NOBODY}`, [], THREE],
  ['associated=true', [2], pair({}, { instance_uuid: NOBODY })],
  ['associated=False', [1], pair({}, { instance_uuid: NOBODY })],
  ['maintenance=True', [1], pair({ maintenance: true })],
  ['maintenance=no', [2], pair({ maintenance: true })],
  ['retired=true', [1], pair({ retired: true })],
  ['provision_state=enroll', [1, 2], pair({})],
  ['provision_state=wait%20call-back', [], pair({})],
  ['driver=fake-hardware', [1, 2], pair({})],
  ['driver=nosuch', [], pair({})],
  ['resource_class=gold', [2], pair({}, { resource_class: 'gold' })],
  ['fault=power%20failure', [], pair({})],
  ['conductor_group=', [1, 2], pair({})],
  ['conductor=cond-a', [1, 2], pair({})],
  ['conductor=nosuch', [], pair({})],
  ['owner=me', [1], pair({ owner: 'me' }, { owner: 'you' })],
  ['lessee=me', [1], pair({ lessee: 'me' })],
  ['project=me', [1, 2], pair({ lessee: 'me' }, { owner: 'me' })],
  ['description_contains=rack', [2], pair({}, { description: 'in rack 7' })],
  ['description_contains=100%25', [1], pair({ description: '100% fine' }, { description: '100 fine' })],
  ['shard=a,b', [1, 2], [{ shard: 'a' }, { shard: 'b' }, { shard: 'c' }]],
  ['sharded=true', [1], pair({ shard: 'a' })],
  ['sharded=false', [2], pair({ shard: 'a' })],
  ['instance_name=vm', [2], pair({}, { instance_name: 'vm' })],
  ['', [1], pair({}, { parent_node: uuid(1) })],
  ['include_children=true', [1, 2], pair({}, { parent_node: uuid(1) })],
  ['parent_node=node-1', [2], pair({}, { parent_node: uuid(1) })],
  [`parent_node=${uuid(1)}`, [2], pair({}, { parent_node: uuid(1) })],
  [
    'maintenance=true&owner=me',
    [1],
    [{ maintenance: true, owner: 'me' }, { maintenance: true }, { owner: 'me' }],
  ],
];

const GATED: readonly [query: string, since: number][] = [
  ['fields=uuid', 8],
  ['provision_state=enroll', 9],
  ['driver=fake-hardware', 16],
  ['resource_class=x', 21],
  ['fault=power%20failure', 42],
  ['conductor_group=', 46],
  ['conductor=cond-a', 49],
  ['owner=me', 50],
  ['lessee=me', 65],
  ['shard=a', 82],
  ['sharded=true', 82],
  [`parent_node=${uuid(1)}`, 83],
  ['include_children=true', 83],
  ['instance_name=vm', 104],
];

const WRONG = [
  'instance_uuid=nope',
  'associated=banana',
  'maintenance=banana',
  'retired=banana',
  'sharded=banana',
  'include_children=banana',
  'provision_state=nosuch',
  'fault=nosuch',
  'marker=nope',
  'limit=0',
  'limit=-1',
  'limit=abc',
  'limit=1.5',
  'limit=',
  'sort_dir=up',
  'sort_key=nosuch',
  ...[
    'properties',
    'extra',
    'driver_info',
    'traits',
    'network_data',
    'chassis_uuid',
    'allocation_uuid',
    'links',
  ].map((key) => `sort_key=${key}`),
  'detail=banana',
  'detail=true&fields=name',
  'fields=nosuch',
  'maintenance=true&maintenance=false',
  ...['name', 'uuid', 'reservation', 'power_state', 'health', 'nosuch'].map((key) => `${key}=1`),
  'sort_key[]=name',
];

export const nodeList: readonly Row[] = [
  list('the list', '', 200, [{}], { body: { nodes: [summary] } }),
  list('below 1.5 nodes have no name', '', 200, [{}], { version: 4, body: { nodes: [unnamed] } }),
  list('in the order of creation', '', [1, 2, 3]),
  ...FILTERS.map(([query, found, nodes]) => list(query || 'children are hidden', `?${query}`, found, nodes)),
  list('an unknown chassis', `?chassis_uuid=${NOBODY}`, 404),
  list('an unknown marker', `?marker=${NOBODY}`, 404),
  ...WRONG.map((query) => list(query, `?${query}`, 400)),
  ...GATED.map(([query, since]) =>
    list(`${query} before 1.${since}`, `?${query}`, 406, THREE, { version: since - 1 }),
  ),
  ...GATED.map(([query, since]) =>
    list(`${query} at 1.${since}`, `?${query}`, 200, THREE, { version: since }),
  ),
  list('detail before 1.43 is unknown', '?detail=true', 400, THREE, { version: 42 }),
  list('retired is not gated', '?retired=false', 200, THREE, { version: 1 }),
  list('sort_key of a later version', '?sort_key=shard', 406, THREE, { version: 81 }),
  list('sorted by name', '?sort_key=name', [2, 1], pair({ name: 'b' }, { name: 'a' })),
  list(
    'sorted in descending order',
    '?sort_key=name&sort_dir=desc',
    [1, 2],
    pair({ name: 'b' }, { name: 'a' }),
  ),
  list('sorted by creation in descending order', '?sort_dir=desc', [3, 2, 1]),
  list('a page', '?limit=2', [1, 2]),
  list('the page after it', `?limit=2&marker=${uuid(2)}`, [3]),
  list('a page of a sorted list', `?sort_key=name&sort_dir=desc&limit=1&marker=${uuid(3)}`, [2]),
  list('a limit greater than the maximum', '?limit=100000', [1, 2, 3]),
  list('a full page has a next', '?limit=2', 200, THREE, {
    body: having({ next: next(`/v1/nodes\\?sort_key=id&sort_dir=asc&limit=2&marker=${uuid(2)}`) }),
  }),
  list('a full last page also has a next', '?limit=3', 200, THREE, {
    body: having({ next: next(`/v1/nodes\\?.*limit=3&marker=${uuid(3)}`) }),
  }),
  list('a page that is not full has none', '?limit=4', 200, THREE, {
    body: { nodes: [expect.anything(), expect.anything(), expect.anything()] },
  }),
  list(
    'next keeps the parameters',
    '?limit=1&maintenance=False&driver=fake-hardware&fields=uuid,name&sort_key=name',
    200,
    THREE,
    {
      body: having({
        next: next(
          `/v1/nodes\\?(?=.*sort_key=name)(?=.*maintenance=False)(?=.*driver=fake-hardware)(?=.*fields=uuid,name).*limit=1&marker=${uuid(1)}`,
        ),
      }),
    },
  ),
  list('an instance has no next', `?instance_uuid=${NOBODY}&limit=1`, 200, [{ instance_uuid: NOBODY }], {
    body: { nodes: [having({ uuid: uuid(1) })] },
  }),
  list('some fields', '?fields=uuid,power_state', 200, [{}], {
    body: { nodes: [{ uuid: uuid(1), power_state: null, links: summary.links }] },
  }),
  list('fields given in parts', '?fields=uuid&fields=name', 200, [{}], {
    body: { nodes: [{ uuid: uuid(1), name: 'node-1', links: summary.links }] },
  }),
  list('no fields leave the links', '?fields=', 200, [{}], { body: { nodes: [{ links: summary.links }] } }),
  list("fields that Ironic's lists lack", '?fields=conductor,chassis_uuid,allocation_uuid', 200, [{}], {
    body: {
      nodes: [{ conductor: 'cond-a', chassis_uuid: null, allocation_uuid: null, links: summary.links }],
    },
  }),
  list('a field of a later version', '?fields=shard', 406, THREE, { version: 81 }),
  list('details', '?detail=True', 200, [{}], { body: { nodes: [having({ driver_info: {}, traits: [] })] } }),
  list('no details', '?detail=false', 200, [{}], { body: { nodes: [summary] } }),
  ...['fields=name', 'detail=true', 'nosuch=1'].map((query) =>
    list(`/detail has no ${query}`, `/detail?${query}`, 400, THREE, { section: '4.7' }),
  ),
  list('/detail at 1.1', '/detail', 200, [{}], {
    section: '4.7',
    version: 1,
    body: { nodes: [having({ uuid: uuid(1), driver: 'fake-hardware' })] },
  }),
  list('/detail has its own next', '/detail?limit=1', 200, THREE, {
    section: '4.7',
    body: having({ next: next(`/v1/nodes/detail\\?.*limit=1&marker=${uuid(1)}`) }),
  }),
  list('/detail of a node does not exist', '/node-1/detail', 404, THREE, { section: '4.7' }),
];
