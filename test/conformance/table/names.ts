import { having, type Row, uuid } from '../row.js';

const named = (name: string, status: number, version = 109): Row => ({
  name: `${name.length > 40 ? `${name.length} characters` : JSON.stringify(name)} at 1.${version}`,
  section: '4.3.2',
  call: 'POST /v1/nodes',
  json: { driver: 'fake-hardware', name },
  version,
  nodes: [],
  status,
  ...(status === 201 ? { body: having({ name }) } : {}),
});

const RESERVED = ['detail', 'maintenance', 'management', 'states', 'validate', 'vendor_passthru'];
/** Not reserved in Ironic, although nodes with these names cannot be addressed there. */
const SUBRESOURCES = [
  'ports',
  'portgroups',
  'vifs',
  'volume',
  'traits',
  'bios',
  'allocation',
  'history',
  'inventory',
  'children',
  'firmware',
  'vmedia',
];

const find = (ident: string, status: number, more: Partial<Row> = {}): Row => ({
  name: `GET ${ident}`,
  section: '4.1',
  call: `GET /v1/nodes/${ident}`,
  status,
  ...(status === 200 ? { body: having({ uuid: uuid(1) }) } : {}),
  ...more,
});

export const names: readonly Row[] = [
  ...['n', 'rack7-u12', 'a.b_c~d-e', 'UPPER', '1', 'x'.repeat(255), 'x.json'].map((name) => named(name, 201)),
  ...['', ' ', 'a b', 'a/b', 'a%b', 'ž', 'a\n', 'x'.repeat(256)].map((name) => named(name, 400)),
  ...[
    '6e1f1f1e-7a52-4f0e-9d38-0a7c4d5e6f10',
    '6e1f1f1e7a524f0e9d380a7c4d5e6f10',
    '{6e1f1f1e-7a52-4f0e-9d38-0a7c4d5e6f10}',
    'urn:uuid:6e1f1f1e-7a52-4f0e-9d38-0a7c4d5e6f10',
  ].map((name) => named(name, 400)),
  ...RESERVED.map((name) => named(name, 400)),
  ...SUBRESOURCES.map((name) => named(name, 400)),
  named('rack7-u12.example', 201, 9),
  named('rack7-u12.example.', 201, 9),
  named('rack7.', 201, 5),
  named('rack7..', 400, 9),
  named('a_b', 400, 9),
  named('UPPER', 400, 9),
  named('n', 406, 4),
  named('', 406, 4),
  find('node-1', 200),
  find('node-1', 200, { name: 'a name at 1.5', version: 5 }),
  find('node-1', 404, { name: 'a name at 1.4', version: 4 }),
  find('NODE-1', 404),
  find(uuid(1), 200, { name: 'a UUID at 1.1', version: 1 }),
  find('00000000000040008000000000000001', 200),
  find('%7B00000000-0000-4000-8000-000000000001%7D', 200),
  find('ABCDEF00-0000-4000-8000-000000000001', 200, {
    name: 'a UUID in capitals',
    nodes: [{ uuid: 'abcdef00-0000-4000-8000-000000000001' }],
    body: having({ uuid: 'abcdef00-0000-4000-8000-000000000001' }),
  }),
  find('nosuch', 404, { says: /nosuch/ }),
  find('00000000-0000-4000-8000-0000000000ff', 404),
  find('a%20b', 400),
  find('a%2Fb', 400),
];
