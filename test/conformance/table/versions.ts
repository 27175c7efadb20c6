import { having, type Row } from '../row.js';

const LEGACY = 'X-OpenStack-Ironic-API-Version';
const STANDARD = 'OpenStack-API-Version';

function inForce(version: string): NonNullable<Row['answers']> {
  return {
    'x-openstack-ironic-api-minimum-version': '1.1',
    'x-openstack-ironic-api-maximum-version': '1.109',
    'x-openstack-ironic-api-version': version,
  };
}

const refusedWithRange = { ...inForce('1.1'), 'x-openstack-ironic-api-version': null };
const refused = {
  'x-openstack-ironic-api-minimum-version': null,
  'x-openstack-ironic-api-maximum-version': null,
  'x-openstack-ironic-api-version': null,
};

const accepted: readonly [headers: Record<string, string>, version: string][] = [
  [{}, '1.1'],
  [{ [LEGACY]: '1.1' }, '1.1'],
  [{ [LEGACY]: '1.31' }, '1.31'],
  [{ [LEGACY]: '1.109' }, '1.109'],
  [{ [LEGACY]: ' 1.50 ' }, '1.50'],
  [{ [LEGACY]: '' }, '1.1'],
  [{ [LEGACY]: 'latest' }, '1.109'],
  [{ [LEGACY]: 'LATEST' }, '1.109'],
  [{ [STANDARD]: 'baremetal 1.50' }, '1.50'],
  [{ [STANDARD]: 'baremetal latest' }, '1.109'],
  [{ [STANDARD]: 'compute 2.1, baremetal 1.50' }, '1.50'],
  [{ [STANDARD]: 'compute 2.1' }, '1.1'],
  [{ [STANDARD]: 'baremetal' }, '1.1'],
  [{ [STANDARD]: 'baremetal 1.50', [LEGACY]: '1.40' }, '1.50'],
  [{ [STANDARD]: 'compute 2.1', [LEGACY]: '1.40' }, '1.40'],
];

const outOfRange = ['1.0', '1.110', '1.999', '2.1', '0.99'];
const unparsable = ['abc', '1', '1.2.3', '1.x'];

const ROUTES: readonly [call: string, json?: unknown][] = [
  ['POST /v1/nodes', {}],
  ['GET /v1/nodes'],
  ['GET /v1/nodes/detail'],
  ['GET /v1/nodes/nosuch'],
  ['PATCH /v1/nodes/nosuch', []],
  ['DELETE /v1/nodes/nosuch'],
  ['GET /v1/nodes/nosuch/validate'],
  ['GET /v1/nodes/nosuch/states'],
  ['PUT /v1/nodes/nosuch/maintenance', {}],
  ['GET /v1/drivers'],
  ['GET /v1/drivers/nosuch'],
  ['GET /v1/drivers/nosuch/properties'],
  ['GET /v1/drivers/nosuch/vendor_passthru/methods'],
  ['PUT /v1/drivers/nosuch/vendor_passthru', { method: 'fakemethod' }],
  ['GET /v1/nodes/nosuch/vendor_passthru/methods'],
  ['PUT /v1/nodes/nosuch/vendor_passthru', { method: 'fakemethod' }],
  ['GET /v1/nosuch'],
];

export const versions: readonly Row[] = [
  ...accepted.map(([headers, version]): Row => ({
    name: `${JSON.stringify(headers)} is ${version}`,
    section: '1.5',
    call: 'GET /v1/nodes',
    version: '',
    headers,
    status: 200,
    answers: inForce(version),
  })),
  ...outOfRange.map((version): Row => ({
    name: `${version} is out of range`,
    section: '1.7',
    call: 'GET /v1/nodes',
    version,
    status: 406,
    answers: refusedWithRange,
    says: /1\.1.*1\.109/,
  })),
  ...unparsable.map((version): Row => ({
    name: `${version} is not a version`,
    section: '1.7',
    call: 'GET /v1/nodes',
    version,
    status: 406,
    answers: refused,
  })),
  {
    name: 'an unsupported standard header is refused',
    section: '1.7',
    call: 'GET /v1/nodes',
    version: 50,
    headers: { [STANDARD]: 'baremetal 1.999' },
    status: 406,
    answers: refusedWithRange,
  },
  ...ROUTES.map(([call, json]): Row => ({
    name: `1.0 precedes other errors of ${call}`,
    section: '1.7',
    call,
    json,
    version: '1.0',
    status: 406,
    answers: refusedWithRange,
  })),
  {
    name: 'errors have the version headers',
    section: '1.6',
    call: 'GET /v1/nodes/node-9',
    version: 31,
    status: 404,
    answers: inForce('1.31'),
  },
  {
    name: 'answers without a body have the version headers',
    section: '1.6',
    call: 'PUT /v1/nodes/node-1/maintenance',
    json: {},
    version: 72,
    status: 202,
    answers: inForce('1.72'),
  },
  {
    name: 'the document and the headers agree',
    section: '1.2',
    call: 'GET /v1',
    version: 31,
    status: 200,
    body: having({ version: having({ min_version: '1.1', version: '1.109' }) }),
    answers: inForce('1.31'),
  },
];
