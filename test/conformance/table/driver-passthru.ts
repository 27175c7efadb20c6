import { EMPTY, type Row } from '../row.js';

const DRIVER = '/v1/drivers/fake-hardware/vendor_passthru';
const OPTIONS = 'vendor_interface=fake-options';

const call = (name: string, verb: string, path: string, status: number, more: Partial<Row> = {}): Row => ({
  name,
  section: '6',
  call: `${verb} ${path.startsWith('/v1') ? path : `${DRIVER}${path}`}`,
  status,
  ...more,
});

const info = (verb: string): Partial<Row> => ({
  body: { driver: 'fake-hardware', http_method: verb, site: 'nowhere' },
});

export const driverPassthru: readonly Row[] = [
  call('GET, method in the path', 'GET', `/driver_info?${OPTIONS}`, 200, info('GET')),
  call('POST, method in the path', 'POST', `/driver_info?${OPTIONS}`, 200, { json: {}, ...info('POST') }),
  call('GET, method in the query', 'GET', `?method=driver_info&${OPTIONS}`, 200, info('GET')),
  call('POST, method in the query', 'POST', `?method=driver_info&${OPTIONS}`, 200, {
    json: {},
    ...info('POST'),
  }),
  call('without a version', 'POST', `?method=driver_info&${OPTIONS}`, 200, {
    version: '',
    json: {},
    ...info('POST'),
  }),
  call('a null body', 'POST', `/driver_info?${OPTIONS}`, 200, { json: null, ...info('POST') }),
  call('no body', 'POST', `/driver_info?${OPTIONS}`, 200, info('POST')),
  call('asynchronous', 'POST', `/driver_sleep?${OPTIONS}`, 202, {
    json: { seconds: 0 },
    body: EMPTY,
    answers: { location: /\/v1\/jobs\/[0-9a-f-]{36}$/, 'content-length': '0' },
  }),
  call('the default vendor interface has none of them', 'GET', '/driver_info', 400, { says: /driver_info/ }),
  call('an unknown vendor interface', 'GET', '/driver_info?vendor_interface=nosuch', 400, {
    says: /fake-options/,
  }),
  call('the vendor interface without methods', 'GET', '/driver_info?vendor_interface=no-vendor', 400),
  call('two vendor interfaces', 'GET', `/driver_info?${OPTIONS}&${OPTIONS}`, 400),
  call('no method', 'POST', `?${OPTIONS}`, 400, { says: /method/ }),
  call('an empty method', 'POST', `?method=&${OPTIONS}`, 400),
  call('two methods', 'POST', `?method=driver_info&method=driver_info&${OPTIONS}`, 400),
  call('an unknown method', 'POST', `/nosuch?${OPTIONS}`, 400, { says: /nosuch/ }),
  call("a node's method is no driver's", 'POST', `/echo?${OPTIONS}`, 400),
  call('methods is not a method', 'POST', `/methods?${OPTIONS}`, 400),
  ...['PUT', 'PATCH', 'DELETE'].map((verb) =>
    call(`a wrong verb: ${verb}`, verb, `/driver_info?${OPTIONS}`, 400, {
      says: new RegExp(`${verb}.*GET, POST`),
    }),
  ),
  call('HEAD', 'HEAD', `/driver_info?${OPTIONS}`, 405),
  call('an unknown driver', 'POST', '/v1/drivers/nosuch/vendor_passthru/driver_info', 404, {
    says: /^The driver 'nosuch' is unknown\.$/,
  }),
  call('a path segment after the method', 'GET', `/driver_info/more?${OPTIONS}`, 404),
  call('a missing argument', 'POST', `/driver_sleep?${OPTIONS}`, 400, { json: {}, says: /seconds/ }),
  call('an unexpected argument', 'POST', `/driver_info?${OPTIONS}`, 400, { json: { x: 1 }, says: /x/ }),
  call("an argument in a POST's query", 'POST', `/driver_sleep?${OPTIONS}&seconds=1`, 400, {
    says: /seconds/,
  }),
  ...['method', 'context', 'http_method', 'task'].map((name) =>
    call(`an argument called ${name}`, 'POST', `/driver_info?${OPTIONS}`, 400, { json: { [name]: 'x' } }),
  ),
  ...['[]', '5', '"x"', 'false'].map((raw) =>
    call(`the body ${raw}`, 'POST', `/driver_info?${OPTIONS}`, 400, { raw }),
  ),
];
