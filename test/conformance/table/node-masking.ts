import { having, type Row, uuid } from '../row.js';

const SECRET = 'hunter2';
const MASK = '******';

const SECRET_KEYS = [
  'password',
  'ipmi_password',
  'PASSWORD',
  'admin_pass',
  'auth_token',
  'token_ttl',
  'secret_ref',
  'password_policy',
  'my_passphrase',
  'private_key',
  'sslkey',
  'cephclientkey',
  'configdrive',
];
/** Masked here but not in Ironic. */
const FURTHER_KEYS = [
  'api_key',
  'ipmi_hex_kg_key',
  'snmp_community',
  'http_authorization',
  'credentials',
  'root_passwd',
  'bmc_pin',
  'http_headers',
  'encryption_key',
  'ssh_key',
];
const PLAIN_KEYS = ['tok', 'username', 'pass', 'pinned', 'spin', 'key', 'ssh_key_exchange'];
const OBJECTS = ['driver_info', 'instance_info'] as const;

const masked = (name: string, field: string, stored: unknown, shown: unknown, call?: string): Row => ({
  name,
  section: '4.3.3',
  nodes: [{ [field]: stored }],
  call: call ?? `GET /v1/nodes/node-1?fields=${field}`,
  status: 200,
  body: having({ [field]: shown }),
});

export const nodeMasking: readonly Row[] = [
  ...[...SECRET_KEYS, ...FURTHER_KEYS].map((key) =>
    masked(`${key} is a secret`, 'driver_info', { [key]: SECRET }, { [key]: MASK }),
  ),
  ...PLAIN_KEYS.map((key) => masked(`${key} is none`, 'driver_info', { [key]: 'x' }, { [key]: 'x' })),
  ...OBJECTS.map((field) =>
    masked(`in ${field}`, field, { password: SECRET, a: 1 }, { password: MASK, a: 1 }),
  ),
  ...[5, true, null, [SECRET]].map((value) =>
    masked(
      `a secret that is ${JSON.stringify(value)}`,
      'driver_info',
      { password: value },
      { password: MASK },
    ),
  ),
  masked(
    'secrets in objects',
    'driver_info',
    { a: { b: { password: SECRET, c: 1 } } },
    { a: { b: { password: MASK, c: 1 } } },
  ),
  masked(
    'an object with a secret name',
    'driver_info',
    { password: { user: 'u', token: SECRET } },
    { password: { user: 'u', token: MASK } },
  ),
  masked(
    'secrets in texts',
    'driver_info',
    { u: `http://h/?password=${SECRET}`, c: `run --password ${SECRET}` },
    { u: `http://h/?password=${MASK}`, c: `run --password ${MASK}` },
  ),
  masked(
    'SNMP keys',
    'driver_info',
    { snmp_auth_key: SECRET, snmp_priv_key: SECRET },
    { snmp_auth_key: MASK, snmp_priv_key: MASK },
  ),
  masked(
    "the image's address",
    'instance_info',
    { image_url: 'http://h/i', configdrive: SECRET },
    { image_url: MASK, configdrive: MASK },
  ),
  ...['extra', 'properties'].map((field) =>
    masked(`${field} is not masked`, field, { password: 'x' }, { password: 'x' }),
  ),
  {
    name: 'the description is not masked',
    section: '4.3.3',
    nodes: [{ description: 'password=x' }],
    call: 'GET /v1/nodes/node-1?fields=description',
    status: 200,
    body: having({ description: 'password=x' }),
  },
  {
    name: 'the internal info',
    section: '4.3.3',
    call: 'GET /v1/nodes/node-1?fields=driver_internal_info',
    stored: { driver_internal_info: JSON.stringify({ agent_secret_token: SECRET, a: 1 }) },
    status: 200,
    body: having({ driver_internal_info: { agent_secret_token: MASK, a: 1 } }),
  },
  ...(['/v1/nodes/detail', '/v1/nodes?detail=true', '/v1/nodes?fields=driver_info'] as const).map(
    (path): Row => ({
      name: path,
      section: '4.3.3',
      call: `GET ${path}`,
      nodes: [{ driver_info: { password: SECRET } }],
      status: 200,
      body: { nodes: [having({ driver_info: { password: MASK } })] },
    }),
  ),
  {
    name: 'the answer to POST',
    section: '4.3.3',
    call: 'POST /v1/nodes',
    json: { driver: 'fake-hardware', driver_info: { password: SECRET } },
    status: 201,
    body: having({ driver_info: { password: MASK } }),
  },
  {
    name: 'the answer to PATCH, which stores what it was given',
    section: '4.3.3',
    call: 'PATCH /v1/nodes/node-1',
    json: [{ op: 'add', path: '/driver_info/ipmi_password', value: SECRET }],
    status: 200,
    body: having({ uuid: uuid(1), driver_info: { ipmi_password: MASK } }),
  },
];
