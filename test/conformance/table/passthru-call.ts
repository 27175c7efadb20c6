import { EMPTY, having, NOBODY, type Row, uuid } from '../row.js';

const NODE = '/v1/nodes/node-1/vendor_passthru';
const FAKE: Row['nodes'] = [{ vendor_interface: 'fake' }];

const call = (name: string, verb: string, path: string, status: number, more: Partial<Row> = {}): Row => ({
  name,
  section: '5.3',
  call: `${verb} ${path.startsWith('/v1') ? path : `${NODE}${path}`}`,
  status,
  ...more,
});

const echoes = (verb: string, args: unknown): Partial<Row> => ({
  body: { http_method: verb, args },
  section: '5.2',
});

const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

const NO_OBJECTS = ['[]', '"x"', '5', 'true', 'false', '""', '0'];

const JOB = /^http:\/\/127\.0\.0\.1:\d+\/v1\/jobs\/[0-9a-f-]{36}$/;
const accepted: Partial<Row> = {
  body: EMPTY,
  answers: { location: JOB, 'content-length': '0' },
  section: '5.6',
};

export const passthruCall: readonly Row[] = [
  ...VERBS.map((verb) =>
    call(`${verb} with a body, method in the path`, verb, '/echo', 200, {
      json: { a: 1 },
      ...echoes(verb, { a: 1 }),
    }),
  ),
  ...VERBS.map((verb) =>
    call(`${verb} with a body, method in the query`, verb, '?method=echo', 200, {
      json: { a: 1 },
      ...echoes(verb, { a: 1 }),
    }),
  ),
  ...VERBS.map((verb) => call(`${verb} without a body`, verb, '/echo', 200, echoes(verb, {}))),
  call('a null body', 'POST', '/echo', 200, { json: null, ...echoes('POST', {}) }),
  call('an empty body', 'POST', '/echo', 200, { raw: '', ...echoes('POST', {}) }),
  ...[
    'application/json; charset=utf-8',
    'text/plain',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
  ].map((type) =>
    call(`JSON as ${type}`, 'POST', '/echo', 200, {
      raw: '{"a": 1}',
      headers: { 'Content-Type': type },
      ...echoes('POST', { a: 1 }),
    }),
  ),
  call('JSON without a Content-Type', 'POST', '/echo', 200, { raw: '{"a": 1}', ...echoes('POST', { a: 1 }) }),
  call('values of all types', 'POST', '/echo', 200, {
    raw: '{"n": null, "deep": {"list": [1.5, {"ž": "\\u017e"}]}, "big": 9007199254740991, "": ""}',
    ...echoes('POST', { n: null, deep: { list: [1.5, { ž: 'ž' }] }, big: 9007199254740991, '': '' }),
  }),
  call('ordinary names', 'POST', '/echo', 200, {
    json: { node_ident: 1, data: 2, driver_method: 3 },
    ...echoes('POST', { node_ident: 1, data: 2, driver_method: 3 }),
  }),
  call('names of Object.prototype', 'POST', '/echo', 200, {
    raw: '{"constructor": 2, "toString": 3}',
    section: '5.2',
    body: having({ args: having({ constructor: 2, toString: 3 }) }),
  }),
  ...['{"__proto__": 1}', '{"\\u005f_proto__": 1}', '{"a": [{"__proto__": {"b": 1}}]}'].map((raw) =>
    call(`the member __proto__ in ${raw}`, 'POST', '/echo', 400, { raw, says: /__proto__/ }),
  ),
  ...['__proto__=1', 'a=%7B%22__proto__%22%3A1%7D'].map((query) =>
    call(`the member __proto__ in ?${query}`, 'GET', `/echo?${query}`, 400, { says: /__proto__/ }),
  ),
  ...['GET', 'DELETE'].map((verb) =>
    call(
      `${verb} with arguments in the query`,
      verb,
      '/echo?a=1&b=x%20y',
      200,
      echoes(verb, { a: 1, b: 'x y' }),
    ),
  ),
  call('GET with arguments in body and query', 'GET', '/echo?a=1', 200, {
    json: { b: 2 },
    ...echoes('GET', { a: 1, b: 2 }),
  }),
  call('GET with an argument in both', 'GET', '/echo?a=1', 400, { json: { a: 1 }, says: /'a'/ }),
  call('GET, query form, with arguments', 'GET', '?method=echo&a=1', 200, echoes('GET', { a: 1 })),
  ...['POST', 'PUT', 'PATCH'].map((verb) =>
    call(`${verb} with arguments in the query`, verb, '/echo?b=1&a=2', 400, { says: /a, b/, section: '5.2' }),
  ),
  ...NO_OBJECTS.map((raw) => call(`the body ${raw}`, 'POST', '/echo', 400, { raw, section: '5.2' })),
  ...NO_OBJECTS.map((raw) =>
    call(`the body ${raw} for an unknown method`, 'POST', '/nosuch', 400, { raw, section: '5.2' }),
  ),
  ...['task', 'method', 'http_method', 'self'].map((name) =>
    call(`an argument called ${name}`, 'POST', '/echo', 400, {
      json: { [name]: 'x' },
      says: new RegExp(name),
      section: '5.2',
    }),
  ),
  call('9,000 arguments that the method does not have', 'POST', '/third_method_sync', 400, {
    nodes: FAKE,
    json: { bar: 'meow', ...Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`a${n}`, 1])) },
    says: /^.{0,300} and 8990 more; it takes: bar\.$/,
    section: '5.2',
  }),
  call('9,000 arguments for an unknown method', 'POST', '/nosuch', 400, {
    json: Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`a${n}`, 1])),
    says: /^.{0,300}$/,
    section: '5.2',
  }),
  call("the body's method selects nothing", 'PUT', '', 400, { json: { method: 'echo' }, section: '5.2' }),
  call("the body's method selects nothing at 1.1", 'PUT', `/v1/nodes/${uuid(1)}/vendor_passthru`, 400, {
    json: { method: 'echo' },
    version: 1,
    section: '5.2',
  }),
  call('a slash at the end of the path form', 'POST', '/echo/', 200, { json: {}, section: '5.1' }),
  call('a slash in the query form', 'POST', '/?method=echo', 200, { json: {}, section: '5.1' }),
  call('HEAD', 'HEAD', '/echo', 405, { section: '5.1' }),

  ...VERBS.map((verb) => call(`${verb} of no method`, verb, '', 400, { says: /method/ })),
  call('an empty method', 'POST', '?method=', 400),
  call('two methods', 'POST', '?method=echo&method=echo', 400, { section: '5.2' }),
  call('a method in the path and in the query', 'POST', '/echo?method=echo', 400, { section: '5.2' }),
  call('an unknown method is 400', 'POST', '/nosuch', 400, { json: {}, says: /nosuch/ }),
  call('method names are case-sensitive', 'POST', '/Echo', 400, { json: {} }),
  call('a method of another vendor interface', 'POST', '/first_method', 400, {
    nodes: FAKE,
    json: { bar: 'baz' },
  }),
  call("a driver's method is no node's", 'GET', '/driver_info', 400),
  call('a path segment after the method', 'POST', '/echo/more', 404, { json: {}, section: '5.2' }),
  ...['GET', 'PUT', 'PATCH', 'DELETE'].map((verb) =>
    call(`${verb} of a method for POST is 400`, verb, '/third_method_sync', 400, {
      nodes: FAKE,
      says: new RegExp(`${verb}.*POST`),
      answers: { allow: null },
    }),
  ),
  call('no vendor interface', 'POST', '/second_method', 400, {
    nodes: [{ vendor_interface: 'no-vendor' }],
  }),
  call('a vendor interface that is not enabled', 'POST', '/echo', 400, {
    stored: { vendor_interface: 'gone' },
  }),
  call('a driver that is not enabled', 'POST', '/echo', 404, { stored: { driver: 'gone' } }),
  call('an unknown node', 'POST', `/v1/nodes/${NOBODY}/vendor_passthru/echo`, 404),
  call('an invalid node identifier', 'POST', '/v1/nodes/a%20b/vendor_passthru/echo', 400),
  call('a name before 1.5', 'POST', '/echo', 404, { version: 4 }),
  call('a UUID at 1.1', 'POST', `/v1/nodes/${uuid(1)}/vendor_passthru/echo`, 200, { version: 1 }),
  call('another vendor interface by instance_info', 'POST', '/third_method_sync', 200, {
    nodes: [{ vendor_interface: 'no-vendor', instance_info: { vendor_interface: 'fake' } }],
    json: { bar: 'meow' },
    body: true,
    section: '5.11',
  }),
  ...(['maintenance', 'protected', 'retired'] as const).map((flag) =>
    call(`a node that is ${flag}`, 'POST', '/echo', 200, { stored: { [flag]: true } }),
  ),
  ...['active', 'cleaning', 'error'].map((state) =>
    call(`a node in state ${state}`, 'POST', '/echo', 200, { stored: { provision_state: state } }),
  ),

  call('a boolean', 'POST', '/third_method_sync', 200, {
    nodes: FAKE,
    json: { bar: 'meow' },
    body: true,
    section: '5.5',
  }),
  call('another boolean', 'POST', '/third_method_sync', 200, {
    nodes: FAKE,
    json: { bar: 1 },
    body: false,
    section: '5.5',
  }),
  call('no result is sent as null', 'PUT', '/note', 200, {
    json: { key: 'k', value: [1] },
    body: null,
    section: '5.5',
    after: {
      path: '/v1/nodes/node-1?fields=driver_internal_info,reservation',
      body: having({ driver_internal_info: { k: [1] }, reservation: null }),
    },
  }),
  call('a file', 'GET', '/log?lines=1', 200, {
    section: '5.10',
    answers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': 'attachment; filename="node.log"',
      'content-length': '52',
    },
  }),
  call('an asynchronous method', 'POST', '/second_method', 202, {
    nodes: FAKE,
    json: { bar: 'kazoo' },
    ...accepted,
  }),
  call('an asynchronous method under a shared lock', 'POST', '/fourth_method_shared_lock', 202, {
    nodes: FAKE,
    json: { bar: 'woof' },
    ...accepted,
  }),
  call('an asynchronous file', 'POST', '/collect_log', 202, { json: {}, ...accepted }),
  call('an error with a status of its own', 'POST', '/fail_sync', 409, {
    json: { kind: 'conflict', message: 'in the way' },
    says: /in the way/,
    section: '5.7',
  }),
  call('any other error', 'POST', '/fail_sync', 500, {
    json: { message: 'the lamp is broken' },
    says: /the lamp is broken/,
    section: '5.7',
    after: { path: '/v1/nodes/node-1?fields=last_error', body: having({ last_error: null }) },
  }),
];
