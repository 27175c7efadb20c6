import { EMPTY, having, links, type Row } from '../row.js';

const self = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1\/$/);
const version = {
  id: 'v1',
  links: [{ href: self, rel: 'self' }],
  status: 'CURRENT',
  min_version: '1.1',
  version: '1.109',
};
const root = {
  name: expect.any(String),
  description: expect.any(String),
  default_version: version,
  versions: [version],
};
const v1 = {
  id: 'v1',
  links: [
    { href: self, rel: 'self' },
    { href: expect.stringMatching(/^http/), rel: 'describedby', type: 'text/html' },
  ],
  media_types: { base: 'application/json', type: 'application/vnd.openstack.ironic.v1+json' },
  chassis: links('chassis/'),
  nodes: links('nodes/'),
  ports: links('ports/'),
  drivers: links('drivers/'),
  version,
};
const isJson = { 'content-type': 'application/json' };

export const discovery: readonly Row[] = [
  {
    name: 'the root names the versions',
    section: '1.1',
    call: 'GET /',
    version: '',
    status: 200,
    body: root,
  },
  { name: 'the root answers HEAD', section: '1.1', call: 'HEAD /', status: 200, answers: isJson },
  ...[
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
    'text/html',
    'text/html, application/json;q=0.9',
  ].map((accept): Row => ({
    name: `the root sends browsers to the documentation: Accept ${accept}`,
    section: '1.1',
    call: 'GET /',
    headers: { Accept: accept },
    status: 302,
    body: EMPTY,
    answers: { location: './docs', vary: 'Accept' },
  })),
  ...['*/*', 'application/json', 'application/json, text/html', 'text/plain', 'image/*'].map(
    (accept): Row => ({
      name: `the root is JSON for clients: Accept ${accept}`,
      section: '1.1',
      call: 'GET /',
      version: '',
      headers: { Accept: accept },
      status: 200,
      body: root,
    }),
  ),
  { name: 'the root negotiates', section: '1.1', call: 'GET /', version: '1.999', status: 406 },
  {
    name: 'the root has no other verbs',
    section: '1.1',
    call: 'POST /',
    status: 405,
    answers: { allow: 'GET' },
  },
  {
    name: 'v1 names its resources',
    section: '1.2',
    call: 'GET /v1',
    version: '',
    status: 200,
    body: having(v1),
    answers: {
      'x-openstack-ironic-api-minimum-version': '1.1',
      'x-openstack-ironic-api-maximum-version': '1.109',
    },
  },
  {
    name: 'v1 accepts a trailing slash',
    section: '1.2',
    call: 'GET /v1/',
    version: '',
    status: 200,
    body: having(v1),
  },
  { name: 'v1 answers HEAD', section: '1.2', call: 'HEAD /v1', status: 200 },
  ...['POST', 'PUT', 'PATCH', 'DELETE'].map((verb) => ({
    name: `v1 has no ${verb}`,
    section: '1.2',
    call: `${verb} /v1`,
    status: 405,
    answers: { allow: 'GET' },
  })),
  ...['/v1/nodes/', '/v1//nodes', '//v1/nodes', '/nodes', '/nodes/', '/v1/nodes/?limit=5'].map((path) => ({
    name: `${path} is the collection of nodes`,
    section: '1.3',
    call: `GET ${path}`,
    nodes: [],
    status: 200,
    body: { nodes: [] },
  })),
  ...['/v1/drivers/', '/drivers', '/drivers/fake-hardware', '/v1/nodes/node-1/', '/v1/nodes/detail/'].map(
    (path) => ({ name: `${path} exists`, section: '1.3', call: `GET ${path}`, status: 200 }),
  ),
  ...['/v2/nodes', '/nosuch', '/v1/nosuch', '/v1/Nodes', '/v1/nodes/node-1/nosuch', '/v1/drivers/x/y/z'].map(
    (path) => ({ name: `${path} does not exist`, section: '1.3', call: `GET ${path}`, status: 404 }),
  ),
  ...(
    [
      ['/', 'GET'],
      ['/v1/nodes', 'DELETE, GET, PATCH, POST'],
      ['/v1/nodes/node-1', 'DELETE, GET, PATCH'],
      ['/v1/nodes/node-1/vendor_passthru/echo', 'DELETE, GET, PATCH, POST, PUT'],
      ['/nodes/node-1/maintenance/', 'DELETE, PUT'],
      ['/v1/jobs', 'GET'],
      ['/docs', 'GET'],
      ['/nosuch', null],
    ] as const
  ).map(([path, allow]): Row => ({
    name: `OPTIONS ${path} answers with nothing, and Allow: ${allow}`,
    section: '1.3',
    call: `OPTIONS ${path}`,
    status: 200,
    body: EMPTY,
    answers: { allow },
  })),
  {
    name: 'below 1.91 .json is cut off',
    section: '1.3',
    call: 'GET /v1/nodes/node-1.json?fields=name',
    version: 90,
    status: 200,
    body: having({ name: 'node-1' }),
  },
  {
    name: 'below 1.91 a node called x.json is found, too',
    section: '1.3',
    call: 'GET /v1/nodes/x.json?fields=name',
    nodes: [{ name: 'x.json' }],
    version: 90,
    status: 200,
    body: having({ name: 'x.json' }),
  },
  {
    name: 'from 1.91 on .json is part of the name',
    section: '1.3',
    call: 'GET /v1/nodes/node-1.json',
    version: 91,
    status: 404,
  },
  {
    name: 'links start with the address of the request',
    section: '1.4',
    call: 'GET /v1/nodes/node-1?fields=uuid',
    headers: { Host: 'bmc.example:81' },
    status: 200,
    body: having({
      links: [
        having({ href: expect.stringMatching(/^http:\/\/bmc\.example:81\/v1\/nodes\//) }),
        expect.anything(),
      ],
    }),
  },
  {
    name: 'an unknown Host is refused',
    section: '1.4',
    call: 'GET /v1/nodes/node-1',
    headers: { Host: 'evil.example' },
    status: 403,
    says: /evil\.example.*FERRULE_ALLOWED_HOSTS/,
  },
  ...['http://evil.example', 'null', 'http://127.0.0.1:1'].flatMap((origin) =>
    [
      'GET /v1/nodes',
      'POST /v1/nodes',
      'POST /v1/nodes/node-1/vendor_passthru/echo',
      'OPTIONS /v1/nodes',
    ].map((call): Row => ({
      name: `${call} from a page of ${origin} is refused`,
      section: '1.4',
      call,
      headers: { Origin: origin, 'Content-Type': 'text/plain' },
      raw: '{"driver": "fake-hardware"}',
      status: 403,
      after: { path: '/v1/nodes?fields=name', body: { nodes: [having({ name: 'node-1' })] } },
    })),
  ),
  {
    name: 'a request from a page of another site is refused',
    section: '1.4',
    call: 'GET /v1/nodes/node-1/vendor_passthru/echo',
    headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' },
    status: 403,
  },
  {
    name: "forwarded headers are nobody's word",
    section: '1.4',
    call: 'GET /v1/nodes/node-1?fields=uuid',
    headers: { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' },
    status: 200,
    body: having({ links: links('nodes/00000000-0000-4000-8000-000000000001') }),
  },
  {
    name: 'a token is ignored',
    section: '7.1',
    call: 'GET /v1/nodes',
    headers: { 'X-Auth-Token': 'notused' },
    nodes: [],
    status: 200,
    body: { nodes: [] },
  },
];
