import { having, type Row, uuid } from '../row.js';

const post = { http_methods: ['POST'], attach: false, require_exclusive_lock: true };

const fake = {
  second_method: { ...post, async: true, description: 'Test if the value of bar is kazoo' },
  third_method_sync: { ...post, async: false, description: 'Test if the value of bar is meow' },
  fourth_method_shared_lock: {
    ...post,
    async: true,
    description: 'Test if the value of bar is woof',
    require_exclusive_lock: false,
  },
  log_passthrough: { ...post, async: true, description: 'Test pass-through to wait.' },
};

const FAKE: Row['nodes'] = [{ vendor_interface: 'fake' }];

const list = (name: string, status: number, more: Partial<Row> = {}): Row => ({
  name,
  section: '5.4',
  call: 'GET /v1/nodes/node-1/vendor_passthru/methods',
  nodes: FAKE,
  status,
  ...(status === 200 ? { body: fake } : {}),
  ...more,
});

const driverList = (name: string, path: string, status: number, more: Partial<Row> = {}): Row => ({
  name: `driver: ${name}`,
  section: '6',
  call: `GET /v1/drivers/${path}`,
  status,
  ...more,
});

export const passthruMethods: readonly Row[] = [
  list('the five keys of each', 200),
  list('at 1.1', 200, { call: `GET /v1/nodes/${uuid(1)}/vendor_passthru/methods`, version: 1 }),
  list('with a slash at the end', 200, { call: 'GET /v1/nodes/node-1/vendor_passthru/methods/' }),
  list('of a locked node', 200, { isLocked: true }),
  list('of a node in maintenance', 200, { stored: { maintenance: true } }),
  list('of the vendor interface without methods', 200, {
    nodes: [{ vendor_interface: 'no-vendor' }],
    body: {},
  }),
  list('of the vendor interface of each node', 200, {
    call: 'GET /v1/nodes/node-2/vendor_passthru/methods',
    nodes: [{ vendor_interface: 'fake' }, { vendor_interface: 'no-vendor' }],
    before: [{ call: 'GET /v1/nodes/node-1/vendor_passthru/methods' }],
    body: {},
  }),
  list('instance_info names another vendor interface', 200, {
    nodes: [{ vendor_interface: 'no-vendor', instance_info: { vendor_interface: 'fake' } }],
    section: '5.11',
  }),
  list('an attachment and a shared lock', 200, {
    nodes: [{}],
    body: having({
      log: {
        http_methods: ['GET'],
        async: false,
        description: expect.any(String),
        attach: true,
        require_exclusive_lock: false,
      },
      echo: having({ http_methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] }),
    }),
  }),
  list("the details have the arguments' schema", 200, {
    call: 'GET /v1/nodes/node-1/vendor_passthru/methods?detail=true',
    nodes: [{}],
    body: having({
      sleep: {
        http_methods: ['POST'],
        async: true,
        description: expect.any(String),
        attach: false,
        require_exclusive_lock: true,
        args: having({
          type: 'object',
          properties: { seconds: having({ type: 'number', minimum: 0, maximum: 3600 }) },
          required: ['seconds'],
        }),
        effect: 'change',
        timeout: 7200,
        package: expect.stringMatching(/^@ferrule\/driver-fake@\d/),
      },
    }),
  }),
  list('detail=banana', 400, { call: 'GET /v1/nodes/node-1/vendor_passthru/methods?detail=banana' }),
  list('other parameters', 400, { call: 'GET /v1/nodes/node-1/vendor_passthru/methods?x=1' }),
  list('of an unknown node', 404, { call: 'GET /v1/nodes/nosuch/vendor_passthru/methods' }),
  list('of a name before 1.5', 404, { version: 4 }),
  list('of a node whose driver is not enabled', 404, { stored: { driver: 'gone' } }),
  list('of a vendor interface that is not enabled', 400, { stored: { vendor_interface: 'gone' } }),
  list('POST is not allowed', 400, {
    call: 'POST /v1/nodes/node-1/vendor_passthru/methods',
    json: {},
    section: '5.3',
  }),
  list('is not called by name', 400, {
    call: 'GET /v1/nodes/node-1/vendor_passthru?method=methods',
    section: '5.3',
  }),

  driverList('the default vendor interface has none', 'fake-hardware/vendor_passthru/methods', 200, {
    body: {},
  }),
  driverList(
    'four keys of each',
    'fake-hardware/vendor_passthru/methods?vendor_interface=fake-options',
    200,
    {
      body: {
        driver_info: {
          http_methods: ['GET', 'POST'],
          async: false,
          description: expect.any(String),
          attach: false,
        },
        driver_sleep: { http_methods: ['POST'], async: true, description: expect.any(String), attach: false },
      },
    },
  ),
  driverList('details', 'fake-hardware/vendor_passthru/methods?vendor_interface=fake-options&detail=1', 200, {
    body: having({ driver_sleep: having({ args: having({ type: 'object' }), timeout: 3600 }) }),
  }),
  driverList('an unknown vendor interface', 'fake-hardware/vendor_passthru/methods?vendor_interface=x', 400),
  driverList('other parameters', 'fake-hardware/vendor_passthru/methods?x=1', 400),
  driverList('an unknown driver', 'nosuch/vendor_passthru/methods', 404),
];
