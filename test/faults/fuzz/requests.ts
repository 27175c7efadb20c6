import fc from 'fast-check';

export interface FuzzRequest {
  readonly verb: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Offsets and bytes that are changed in the text of the request, which is then sent as it is. */
  readonly damage: readonly (readonly [number, number])[];
}

/** What requests are made of. */
export interface Known {
  readonly nodes: readonly string[];
  readonly jobs: readonly string[];
  /** Values of the header Authorization, or none. */
  readonly credentials: readonly string[];
}

/** Near the limits of a body: many secrets, and many texts to look for them in. */
const heavyArguments = fc
  .tuple(fc.constantFrom('token', 'password', 'a'), fc.integer({ min: 1, max: 4_900 }))
  .map(([key, count]) => {
    const texts = Array.from({ length: count }, (_, place) => `${key}=${place}-${'x'.repeat(30)}`);
    return { [key]: texts, note: texts };
  });

const METHODS = {
  echo: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }),
  work: fc.record({ milliseconds: fc.integer({ min: -1, max: 5 }) }),
  log: fc.record({ lines: fc.integer({ min: -1, max: 50 }) }),
  collect_log: fc.record({ lines: fc.oneof(fc.nat(20), fc.string()) }),
  report_progress: fc.record({ steps: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.string()) }),
  note: fc.record({ key: fc.string(), value: fc.jsonValue() }),
  driver_info: fc.constant({}),
  second_method: fc.record({ bar: fc.oneof(fc.constant('kazoo'), fc.string()) }),
  third_method_sync: fc.record({ bar: fc.oneof(fc.constant('meow'), fc.string()) }),
} as const;

const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PURGE'];
const FIELDS = ['uuid', 'name', 'driver', 'driver_info', 'extra', 'owner', 'reservation', 'nonsense'];
const PATCHED = ['/name', '/extra/a', '/driver_info/password', '/description', '/owner', '/driver', '/x', ''];

const oddText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '..',
    '%',
    '%zz',
    '%00',
    '\u0000',
    '{}',
    '[]',
    '__proto__',
    'constructor',
    "' or 1=1 --",
    'null',
  ),
  fc.integer().map(String),
  fc.uuid(),
);
const segment = oddText.map((text) => encodeURIComponent(text.toWellFormed()));

const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'fields',
        'limit',
        'marker',
        'sort_key',
        'sort_dir',
        'detail',
        'method',
        'node',
        'state',
        'driver',
        'owner',
        'vendor_interface',
        'reset_interfaces',
        'a',
      ),
      fc.oneof(fc.constantFrom(...FIELDS, 'true', '1', '0', '-1', '1e99'), segment),
    ),
    { maxLength: 3 },
  )
  .map((pairs) =>
    pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`,
  );

const patch = fc.array(
  fc.record(
    {
      op: fc.constantFrom('add', 'replace', 'remove', 'test', 'move'),
      path: fc.oneof(fc.constantFrom(...PATCHED), fc.string()),
      value: fc.oneof(fc.string(), fc.jsonValue()),
    },
    { requiredKeys: ['op'] },
  ),
  { maxLength: 4 },
);
const newNode = fc.record(
  {
    driver: fc.oneof({ weight: 4, arbitrary: fc.constant('fake-hardware') }, fc.string()),
    name: oddText,
    driver_info: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }), fc.jsonValue()),
    extra: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
    owner: oddText,
    nonsense: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

const json = (arbitrary: fc.Arbitrary<unknown>) => arbitrary.map((value) => JSON.stringify(value) ?? '');
const anyBody = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  json(fc.jsonValue({ maxDepth: 4 })),
  json(patch),
  json(newNode),
  fc.string({ unit: 'binary' }),
  fc.nat(3_000).map((depth) => '['.repeat(depth)),
  json(heavyArguments),
  fc.constantFrom(
    '{"a":1,"a":2}',
    '{"__proto__":{"x":1}}',
    '1e999',
    '"\\ud800"',
    '{"limit":123456789012345678901}',
  ),
);

const call = fc
  .constantFrom(...Object.keys(METHODS))
  .chain((name) => fc.tuple(fc.constant(name), json(METHODS[name as keyof typeof METHODS])));

const verbOf = (method: string): string => (method === 'log' ? 'GET' : method === 'note' ? 'PUT' : 'POST');

/** Mostly requests that get far, some of them with damage. */
export function requests({ nodes, jobs, credentials }: Known): fc.Arbitrary<FuzzRequest> {
  const node = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...nodes) }, segment);
  const job = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...jobs) }, segment);
  const place = fc.oneof(
    node.map((ident) => `/v1/nodes/${ident}`),
    fc.constantFrom(
      '/v1/nodes',
      '/v1/nodes/detail',
      '/v1/drivers',
      '/v1/jobs',
      '/v1/audit',
      '/v1',
      '/',
      '/docs',
      '/openapi.json',
    ),
    fc
      .tuple(node, fc.constantFrom('states', 'validate', 'maintenance', 'vendor_passthru/methods', 'ports'))
      .map(([ident, rest]) => `/v1/nodes/${ident}/${rest}`),
    job.map((id) => `/v1/jobs/${id}`),
    job.map((id) => `/v1/jobs/${id}/attachment`),
    fc.constantFrom('fake-hardware', 'nonesuch').map((name) => `/v1/drivers/${name}/properties`),
    fc.array(segment, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
  );
  const onNode = fc.tuple(node, call).map(([ident, [method, body]]) => ({
    verb: verbOf(method),
    path: `/v1/nodes/${ident}/vendor_passthru/${method}`,
    body,
  }));
  const onDriver = call.map(([method, body]) => ({
    verb: 'POST',
    path: `/v1/drivers/fake-hardware/vendor_passthru/${method}`,
    body,
  }));
  const target = fc.oneof(
    { weight: 3, arbitrary: onNode },
    onDriver,
    fc.tuple(node, json(heavyArguments)).map(([ident, body]) => ({
      verb: 'POST',
      path: `/v1/nodes/${ident}/vendor_passthru/echo`,
      body,
    })),
    { weight: 4, arbitrary: fc.tuple(place, anyBody).map(([path, body]) => ({ verb: 'GET', path, body })) },
    fc
      .tuple(fc.constantFrom(...nodes), json(patch))
      .map(([ident, body]) => ({ verb: 'PATCH', path: `/v1/nodes/${ident}`, body })),
    json(newNode).map((body) => ({ verb: 'POST', path: '/v1/nodes', body })),
  );
  const headers = fc.record(
    {
      authorization: fc.oneof(
        { weight: 300, arbitrary: fc.constantFrom(...credentials) },
        fc.constantFrom('Basic', 'Basic !!!', 'Basic Og==', 'Bearer', 'Bearer x', 'Digest a=b'),
        fc.base64String().map((text) => `Basic ${text}`),
      ),
      'x-openstack-ironic-api-version': fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom('1.109', 'latest', '1.1', '1.82') },
        fc.constantFrom('1.999', 'x', ''),
      ),
      'content-type': fc.constantFrom('application/json', 'text/plain', 'application/octet-stream', 'x'),
      accept: fc.constantFrom('application/problem+json', '*/*', 'text/html'),
      'x-auth-token': fc.constantFrom('x', ''),
      traceparent: fc.constantFrom('00-x', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`),
      'x-forwarded-for': fc.constantFrom('203.0.113.9', 'x'),
      'sec-fetch-site': fc.oneof({ weight: 30, arbitrary: fc.constant('none') }, fc.constant('cross-site')),
    },
    { requiredKeys: ['authorization', 'x-openstack-ironic-api-version'] },
  );
  const damage = fc.oneof(
    { weight: 12, arbitrary: fc.constant([]) },
    fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 }),
  );
  return fc
    .record({
      verb: fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, fc.constantFrom(...VERBS)),
      target,
      query: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, query),
      headers,
      damage,
    })
    .map(({ verb, target: { verb: usual, path, body }, query: search, headers: chosen, damage: bytes }) => ({
      verb: verb ?? usual,
      path: path + search,
      headers: chosen,
      body,
      damage: bytes,
    }));
}
