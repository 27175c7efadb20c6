import { having, links, NOBODY, type Row, uuid } from '../row.js';

const create = (name: string, members: unknown, status: number, more: Partial<Row> = {}): Row => ({
  name,
  section: '4.4',
  call: 'POST /v1/nodes',
  json: members,
  status,
  ...(status >= 400 ? { nodes: [], after: { path: '/v1/nodes', body: { nodes: [] } } } : {}),
  ...more,
});

const node = (members: Record<string, unknown> = {}): Record<string, unknown> => ({
  driver: 'fake-hardware',
  ...members,
});

const long = (most: number): string => 'x'.repeat(most + 1);

const LOCATION = /^http:\/\/127\.0\.0\.1:\d+\/v1\/nodes\/[0-9a-f-]{36}$/;

const MAC = 'a0:36:9f:2c:e8:80';
const PHY = { id: 'nic0', type: 'phy', ethernet_mac_address: MAC, mtu: 9000, speed: 'fast' };
const IPV4 = { id: 'net0', type: 'ipv4', link: 'nic0', network_id: 'n0', ip_address: '10.184.0.244' };

const NETWORK_DATA: readonly object[] = [
  {},
  { links: [], networks: [], services: [] },
  {
    links: [
      PHY,
      { id: 'bond0', type: 'bond', ethernet_mac_address: MAC, bond_mode: '802.3ad', bond_links: ['nic0'] },
      { id: 'vlan0', type: 'vlan', vlan_mac_address: MAC, vlan_id: 101, vlan_link: 'bond0', mtu: null },
    ],
    networks: [
      {
        ...IPV4,
        netmask: '255.255.240.0',
        routes: [{ network: '0.0.0.0', netmask: '0.0.0.0', gateway: '10.184.0.1' }],
      },
      { ...IPV4, type: 'ipv4_dhcp' },
      {
        ...IPV4,
        type: 'ipv6',
        ip_address: '2001:cdba::3257:9652/24',
        routes: [{ network: '::', netmask: 'ffff:ffff::', gateway: 'fd00::1' }],
      },
    ],
    services: [
      { type: 'dns', address: '8.8.8.8' },
      { type: 'dns', address: '2001:db8::1' },
    ],
    more: 1,
  },
];

const within = (members: object): object => ({ links: [], networks: [], services: [], ...members });

const WRONG_NETWORK_DATA: readonly (readonly [says: RegExp, data: unknown])[] = [
  [/network_data.links: /, { a: 1 }],
  [/network_data.services: /, { links: [], networks: [] }],
  [/network_data.links: /, within({ links: {} })],
  [/network_data.links.0.type: /, within({ links: [{ ...PHY, type: 'nosuch' }] })],
  [/network_data.links.0.ethernet_mac_address: /, within({ links: [{ ...PHY, ethernet_mac_address: 'x' }] })],
  [/network_data.links.0.mtu: /, within({ links: [{ ...PHY, mtu: 65_536 }] })],
  [/network_data.links.0.bond_mode: /, within({ links: [{ ...PHY, type: 'bond', bond_links: [] }] })],
  [/network_data.networks.0.ip_address: /, within({ networks: [{ ...IPV4, ip_address: '10.0.0.256' }] })],
  [/network_data.networks.0.netmask: /, within({ networks: [{ ...IPV4, netmask: '255.0.255.0' }] })],
  [/network_data.networks.0.link: /, within({ networks: [{ ...IPV4, link: undefined }] })],
  [/network_data.services.0.address: /, within({ services: [{ type: 'dns', address: 'ns.example' }] })],
  [
    /; 15 more problems/,
    within({ services: Array.from({ length: 25 }, () => ({ type: 'ntp', address: '10.0.0.1' })) }),
  ],
];

export const nodeCreate: readonly Row[] = [
  create('only a driver', node(), 201, {
    nodes: [],
    answers: { location: LOCATION, 'content-type': 'application/json' },
    body: having({ driver: 'fake-hardware', name: null, provision_state: 'enroll' }),
  }),
  create(
    'with many types of values',
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
  create('an unknown interface', node({ vendor_interface: 'nosuch' }), 400, { says: /no-vendor/ }),
  ...['nosuch', 5, ['no-vendor']].map((name) =>
    create(
      `instance_info names the vendor interface ${JSON.stringify(name)}`,
      node({ instance_info: { vendor_interface: name } }),
      400,
      {
        says: /vendor interface/,
      },
    ),
  ),
  create(
    'an interface that instance_info names',
    node({ instance_info: { vendor_interface: 'no-vendor' } }),
    201,
    {
      body: having({ vendor_interface: null, power_interface: 'fake' }),
    },
  ),
  create(
    "an interface that instance_info names beside the node's own",
    node({ vendor_interface: 'fake', instance_info: { vendor_interface: 'no-vendor' } }),
    201,
    {
      body: having({ vendor_interface: 'fake' }),
    },
  ),
  create('null for an interface in instance_info', node({ instance_info: { vendor_interface: null } }), 201, {
    body: having({ vendor_interface: 'fake' }),
  }),
  ...NETWORK_DATA.map((data) =>
    create(`network_data ${JSON.stringify(data).slice(0, 60)}`, node({ network_data: data }), 201, {
      body: having({ network_data: data }),
    }),
  ),
  create('no network_data', node({ network_data: null }), 201, { body: having({ network_data: {} }) }),
  ...WRONG_NETWORK_DATA.map(([says, data]) =>
    create(`wrong network_data: ${says.source}`, node({ network_data: data }), 400, { says }),
  ),
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
  create('memory_mb that is not a number', node({ properties: { memory_mb: 'much' } }), 400),
  create('local_gb below zero', node({ properties: { local_gb: -1 } }), 400),
  create('memory_mb in digits', node({ properties: { memory_mb: '4096' } }), 201),
  create('an invalid uuid', node({ uuid: 'nope' }), 400),
  create('an invalid instance_uuid', node({ instance_uuid: 'nope' }), 400),
  create('an unknown chassis', node({ chassis_uuid: NOBODY }), 400),
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
  create('an unknown parent', node({ parent_node: NOBODY }), 400),
  create(
    "the instance's display name is not its name yet",
    node({ instance_info: { display_name: 'vm' } }),
    201,
    {
      body: having({ instance_name: null, instance_info: { display_name: 'vm' } }),
    },
  ),
  create('an empty resource class is stored as null', node({ resource_class: '' }), 201, {
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

function alone(): NonNullable<Row['after']> {
  return { path: '/v1/nodes?fields=name', body: { nodes: [having({ name: 'node-1' })] } };
}
