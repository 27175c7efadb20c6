import { having, NOBODY, type Row, uuid } from '../row.js';

type Operation = readonly [op: string, path: string, value?: unknown];

const patch = (
  name: string,
  stored: Row['stored'],
  [op, path, value]: Operation,
  status: number,
  more: Partial<Row> = {},
): Row => ({
  name,
  section: '4.9',
  call: 'PATCH /v1/nodes/node-1',
  ...(stored ? { stored } : {}),
  json: [{ op, path, ...(op === 'remove' ? {} : { value }) }],
  status,
  ...more,
});

const EXTRA: Operation = ['add', '/extra/b', 1];
const INTERFACE: Operation = ['add', '/vendor_interface', 'no-vendor'];

const moving = (state: string): Row['stored'] => ({
  provision_state: state,
  target_provision_state: 'available',
});

export const nodePatchRules: readonly Row[] = [
  patch('a locked node', undefined, EXTRA, 409, { isLocked: true, says: /other-conductor/ }),
  ...['cleaning', 'deploying', 'wait call-back'].map((state) =>
    patch(`on its way: ${state}`, moving(state), EXTRA, 409),
  ),
  ...['deploy failed', 'clean failed', 'inspect wait', 'verifying', 'error', 'service wait'].map((state) =>
    patch(`stuck on its way: ${state}`, moving(state), EXTRA, 200),
  ),
  ...['enroll', 'manageable', 'available', 'active', 'rescue'].map((state) =>
    patch(`at rest: ${state}`, { provision_state: state }, EXTRA, 200),
  ),
  patch('inspecting from 1.39 on', { provision_state: 'inspecting' }, EXTRA, 409, { version: 39 }),
  patch('inspecting before 1.39', { provision_state: 'inspecting' }, EXTRA, 200, { version: 38 }),
  patch(
    'an instance can be removed in any state in maintenance',
    { ...moving('cleaning'), maintenance: true, instance_uuid: NOBODY },
    ['remove', '/instance_uuid'],
    200,
  ),
  patch(
    'an instance cannot be removed during a transition',
    { ...moving('cleaning'), instance_uuid: NOBODY },
    ['remove', '/instance_uuid'],
    409,
  ),
  patch('interfaces of an active node', { provision_state: 'active' }, INTERFACE, 409),
  patch(
    'interfaces of an active node in maintenance',
    { provision_state: 'active', maintenance: true },
    INTERFACE,
    200,
  ),
  ...['manageable', 'available', 'inspect wait'].map((state) =>
    patch(`interfaces in state ${state}`, { provision_state: state }, INTERFACE, 200),
  ),
  patch('an interface that no driver has', undefined, ['add', '/vendor_interface', 'nosuch'], 400, {
    says: /^Could not find the vendor interface 'nosuch' for hardware type fake-hardware\./,
  }),
  patch(
    'an interface that is checked after the state',
    { provision_state: 'active' },
    ['add', '/vendor_interface', 'nosuch'],
    409,
  ),
  patch(
    'the default interface when instance_info names none any more',
    undefined,
    ['remove', '/instance_info/vendor_interface'],
    200,
    {
      nodes: [{ vendor_interface: null, instance_info: { vendor_interface: 'no-vendor' } }],
      body: having({ vendor_interface: 'fake', instance_info: {} }),
    },
  ),
  patch(
    'an invalid override is reported when the interfaces change',
    undefined,
    ['add', '/network_interface', 'noop'],
    400,
    {
      before: [
        {
          call: 'PATCH /v1/nodes/node-1',
          json: [{ op: 'add', path: '/instance_info/vendor_interface', value: 'nosuch' }],
        },
      ],
      says: /nosuch/,
    },
  ),
  patch('clearing the flag clears the reason', { retired: true }, ['remove', '/retired'], 200, {
    json: [
      { op: 'remove', path: '/retired' },
      { op: 'add', path: '/retired_reason', value: 'x' },
    ],
    body: having({ retired: null, retired_reason: null }),
  }),
  patch('an unknown driver', undefined, ['replace', '/driver', 'nosuch'], 400, { says: /nosuch/ }),
  patch(
    'another driver while the console is on',
    { console_enabled: true, driver: 'gone' },
    ['replace', '/driver', 'fake-hardware'],
    409,
  ),
  patch(
    'a node whose driver is not enabled can get another driver',
    { driver: 'gone' },
    ['replace', '/driver', 'fake-hardware'],
    200,
    {
      body: having({ driver: 'fake-hardware', conductor: 'cond-a' }),
    },
  ),
  patch(
    'a node whose driver is not enabled can be changed otherwise',
    { driver: 'gone' },
    ['add', '/description', 'broken'],
    200,
  ),
  patch('reset_interfaces without a driver', undefined, EXTRA, 400, {
    call: 'PATCH /v1/nodes/node-1?reset_interfaces=true',
  }),
  patch('reset_interfaces before 1.45', undefined, ['replace', '/driver', 'fake-hardware'], 406, {
    call: 'PATCH /v1/nodes/node-1?reset_interfaces=true',
    version: 44,
  }),
  patch('reset_interfaces with a driver', { driver: 'gone' }, ['replace', '/driver', 'fake-hardware'], 200, {
    call: 'PATCH /v1/nodes/node-1?reset_interfaces=True',
    body: having({ driver: 'fake-hardware', vendor_interface: 'fake' }),
  }),
  patch('reset_interfaces=banana', undefined, ['replace', '/driver', 'fake-hardware'], 400, {
    call: 'PATCH /v1/nodes/node-1?reset_interfaces=banana',
  }),
  patch('an instance where there is one', { instance_uuid: NOBODY }, ['add', '/instance_uuid', uuid(9)], 409),
  patch('the same instance again', { instance_uuid: NOBODY }, ['add', '/instance_uuid', NOBODY], 200),
  patch('an instance of another node', undefined, ['add', '/instance_uuid', NOBODY], 409, {
    nodes: [{}, { instance_uuid: NOBODY }],
  }),
  patch('an invalid instance_uuid', undefined, ['add', '/instance_uuid', 'nope'], 400),
  patch('a name that another has', undefined, ['replace', '/name', 'node-2'], 409, { nodes: [{}, {}] }),
  patch('a reserved name', undefined, ['replace', '/name', 'detail'], 400),
  patch('an invalid name', undefined, ['replace', '/name', 'a b'], 400),
  patch('an empty name', undefined, ['replace', '/name', ''], 400),
  patch('protected in state enroll', undefined, ['add', '/protected', true], 409),
  patch('protected in state active', { provision_state: 'active' }, ['add', '/protected', 'true'], 200, {
    body: having({ protected: true }),
  }),
  patch('a reason without being protected', undefined, ['add', '/protected_reason', 'x'], 400),
  patch(
    'the end of protection clears the reason',
    { provision_state: 'active', protected: true, protected_reason: 'x' },
    ['add', '/protected', false],
    200,
    { body: having({ protected: false, protected_reason: null }) },
  ),
  patch('retired in state available', { provision_state: 'available' }, ['add', '/retired', true], 409),
  patch('retired in state manageable', { provision_state: 'manageable' }, ['add', '/retired', true], 200),
  patch('a reason without being retired', undefined, ['add', '/retired_reason', 'x'], 400),
  ...['protected_reason', 'retired_reason'].map((reason) =>
    patch(`an empty ${reason} of a node that is neither`, undefined, ['add', `/${reason}`, ''], 200, {
      body: having({ [reason]: '' }),
    }),
  ),
  patch(
    "the instance's display name becomes its name",
    undefined,
    ['add', '/instance_info/display_name', 'vm'],
    200,
    {
      body: having({ instance_name: 'vm' }),
    },
  ),
  patch(
    'the end of retirement clears the reason',
    { retired: true, retired_reason: 'x' },
    ['remove', '/retired'],
    200,
    {
      body: having({ retired: null, retired_reason: null }),
    },
  ),
  patch(
    'another resource class of an active node',
    { provision_state: 'active', resource_class: 'a' },
    ['add', '/resource_class', 'b'],
    409,
  ),
  patch(
    'the first resource class of an active node',
    { provision_state: 'active' },
    ['add', '/resource_class', 'b'],
    200,
  ),
  patch(
    'the end of maintenance clears its reason and the fault',
    { maintenance: true, maintenance_reason: 'x', fault: 'power failure' },
    ['add', '/maintenance', false],
    200,
    {
      body: having({ maintenance: false, maintenance_reason: null, fault: null }),
    },
  ),
  patch('memory_mb that is not a number', undefined, ['add', '/properties/memory_mb', 'much'], 400),
  patch('an unknown chassis', undefined, ['add', '/chassis_uuid', NOBODY], 400),
  patch('a parent by its name', undefined, ['add', '/parent_node', 'node-2'], 200, {
    nodes: [{}, {}],
    body: having({ parent_node: uuid(2) }),
  }),
  patch("a conductor group of its own is nobody's", undefined, ['add', '/conductor_group', 'other'], 400),
];
