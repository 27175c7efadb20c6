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
/** The id of a fleet call that requests make. */
const FLEET_CALL = '5c3f0d9e-2a41-4c8b-9f57-6d1e0b7a8c32';
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
        'wait',
        'dry_run',
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

/** Mostly right, so that many are made; what they wait for must not keep nodes locked. */
function fleetCall(nodes: readonly string[]) {
  const right = {
    method: fc.constant('report_progress'),
    args: fc.constant({ steps: 1 }),
    nodes: fc.array(fc.constantFrom(...nodes), { minLength: 1, maxLength: 4 }),
    lock_wait: fc.integer({ min: 0, max: 1 }),
    id: fc.oneof(fc.constant(FLEET_CALL), fc.uuid()),
  };
  const odd = {
    method: fc.string(),
    args: fc.jsonValue(),
    nodes: fc.array(oddText, { maxLength: 4 }),
    id: fc.string(),
    filter: fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue(), { maxKeys: 2 }),
    canary: fc.integer({ min: -1, max: 2 }),
    parallelism: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.jsonValue()),
    stop_after: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('10%', '101%'), fc.jsonValue()),
    nonsense: fc.jsonValue(),
  };
  return fc
    .tuple(
      fc.record(right),
      fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, fc.record(odd, { requiredKeys: [] })),
    )
    .map(([members, others]) => ({ ...members, ...others }));
}

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
      '/v1/conductors',
      '/v1/locks',
      '/v1/fleet_calls',
      '/v1',
      '/',
      '/docs',
      '/openapi.json',
      '/console',
      '/healthz',
      '/metrics',
    ),
    node.map((ident) => `/v1/locks/${ident}`),
    fc
      .tuple(fc.oneof(fc.constant(FLEET_CALL), segment), fc.constantFrom('', '/nodes', '/state'))
      .map(([id, rest]) => `/v1/fleet_calls/${id}${rest}`),
    segment.map((name) => `/v1/conductors/${name}`),
    fc
      .tuple(node, fc.constantFrom('states', 'validate', 'maintenance', 'vendor_passthru/methods', 'ports'))
      .map(([ident, rest]) => `/v1/nodes/${ident}/${rest}`),
    job.map((id) => `/v1/jobs/${id}`),
    fc.tuple(job, fc.constantFrom('attachment', 'events')).map(([id, rest]) => `/v1/jobs/${id}/${rest}`),
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
    fc
      .tuple(fc.constantFrom('', '?dry_run=true'), json(fleetCall(nodes)))
      .map(([asked, body]) => ({ verb: 'POST', path: `/v1/fleet_calls${asked}`, body })),
    fc.constantFrom('paused', 'running', 'x').map((state) => ({
      verb: 'PUT',
      path: `/v1/fleet_calls/${FLEET_CALL}/state`,
      body: `{"target":"${state}"}`,
    })),
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
  const rareHeaders = fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    fc.record(
      {
        'idempotency-key': fc.oneof(fc.constantFrom('a', 'b', '"c"', 'd'.repeat(300), ''), fc.uuid()),
        'ferrule-job-id': fc.oneof(fc.uuid(), fc.constantFrom('x', '')),
        prefer: fc.constantFrom('wait=0', 'wait=1', 'wait=x', 'respond-async, wait=1'),
        'if-none-match': fc.constantFrom('*', '"x"', 'W/"x", "y"', 'x'),
        'last-event-id': fc.constantFrom('0', 'x', '1-1'),
      },
      { requiredKeys: [] },
    ),
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
      rareHeaders,
      damage,
    })
    .map(
      ({
        verb,
        target: { verb: usual, path, body },
        query: search,
        headers: usually,
        rareHeaders: rarely,
        damage: bytes,
      }) => ({
        verb: verb ?? usual,
        path: path + search,
        headers: { ...usually, ...rarely },
        body,
        damage: bytes,
      }),
    );
}
