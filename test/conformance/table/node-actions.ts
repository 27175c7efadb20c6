import { EMPTY, having, NOBODY, type Row, uuid } from '../row.js';

const remove = (name: string, status: number, more: Partial<Row> = {}): Row => ({
  name: `DELETE: ${name}`,
  section: '4.10',
  call: 'DELETE /v1/nodes/node-1',
  status,
  ...(status === 204 ? { body: EMPTY, after: { path: '/v1/nodes', body: { nodes: [] } } } : {}),
  ...more,
});

const inState = (state: string): Partial<Row> => ({ stored: { provision_state: state } });

const maintenance = (
  name: string,
  verb: string,
  status: number,
  shown: { maintenance: boolean; maintenance_reason: string | null } | undefined,
  more: Partial<Row> = {},
): Row => ({
  name: `${verb} maintenance: ${name}`,
  section: '4.11',
  call: `${verb} /v1/nodes/node-1/maintenance`,
  status,
  ...(status === 202 ? { body: EMPTY } : {}),
  ...(shown
    ? {
        after: {
          path: '/v1/nodes/node-1?fields=maintenance,maintenance_reason,fault',
          body: having({ ...shown, fault: null }),
        },
      }
    : {}),
  ...more,
});

const on = (reason: string | null) => ({ maintenance: true, maintenance_reason: reason });
const off = { maintenance: false, maintenance_reason: null };

const KINDS = [
  'boot',
  'deploy',
  'management',
  'network',
  'power',
  'bios',
  'console',
  'firmware',
  'inspect',
  'raid',
  'rescue',
  'storage',
];
const allValid = Object.fromEntries(KINDS.map((kind) => [kind, { result: true }]));

const validate = (name: string, path: string, status: number, more: Partial<Row> = {}): Row => ({
  name: `validate: ${name}`,
  section: '4.12',
  call: `GET /v1/nodes/${path}`,
  status,
  ...(status === 200 ? { body: allValid } : {}),
  ...more,
});

const states = {
  console_enabled: false,
  last_error: null,
  power_state: null,
  target_power_state: null,
  provision_state: 'enroll',
  target_provision_state: null,
  provision_updated_at: null,
};
const raid = { raid_config: {}, target_raid_config: {} };
const boot = { boot_mode: null, secure_boot: null };

export const nodeActions: readonly Row[] = [
  remove('a node', 204),
  remove('by its UUID, as the command sends it', 204, {
    call: `DELETE /v1/nodes/${uuid(1)}`,
    headers: { 'Content-Type': 'application/octet-stream', Accept: '*/*' },
  }),
  remove('an unknown node', 404, { call: 'DELETE /v1/nodes/nosuch' }),
  remove('with arguments', 400, { call: 'DELETE /v1/nodes/node-1?x=1' }),
  remove('an unknown path below it', 404, { call: 'DELETE /v1/nodes/node-1/nosuch' }),
  remove('a locked node', 409, { isLocked: true, says: /other-conductor/ }),
  remove('a node with an instance', 409, { nodes: [{ instance_uuid: NOBODY }] }),
  remove('a node with an instance in maintenance', 204, {
    nodes: [{ instance_uuid: NOBODY, maintenance: true }],
  }),
  remove('a protected node', 403, { stored: { protected: true, provision_state: 'active' } }),
  remove('a protected node in maintenance', 403, { stored: { protected: true, maintenance: true } }),
  ...['manageable', 'enroll', 'adopt failed', 'available'].map((state) =>
    remove(`in state ${state}`, 204, inState(state)),
  ),
  ...['active', 'cleaning', 'deploying', 'rescue'].map((state) =>
    remove(`in state ${state}`, 409, inState(state)),
  ),
  remove('an active node in maintenance', 204, { stored: { provision_state: 'active', maintenance: true } }),

  maintenance('with a reason', 'PUT', 202, on('disk swap'), { json: { reason: 'disk swap' } }),
  maintenance('with a null reason', 'PUT', 202, on(null), { json: { reason: null } }),
  maintenance('with nothing', 'PUT', 202, on(null), { json: {} }),
  maintenance('without a body', 'PUT', 202, on(null)),
  maintenance('with the reason in the query', 'PUT', 202, on('disk swap'), {
    call: 'PUT /v1/nodes/node-1/maintenance?reason=disk%20swap',
  }),
  maintenance('with two reasons', 'PUT', 400, off, {
    call: 'PUT /v1/nodes/node-1/maintenance?reason=a',
    json: { reason: 'b' },
  }),
  maintenance('with a number', 'PUT', 400, off, { json: { reason: 5 } }),
  maintenance('with something else', 'PUT', 400, off, { json: { nosuch: 1 } }),
  maintenance('again, with another reason', 'PUT', 202, on('b'), {
    before: [{ call: 'PUT /v1/nodes/node-1/maintenance', json: { reason: 'a' } }],
    json: { reason: 'b' },
  }),
  maintenance('again, without a reason', 'PUT', 202, on(null), {
    before: [{ call: 'PUT /v1/nodes/node-1/maintenance', json: { reason: 'a' } }],
    json: {},
  }),
  maintenance('of a locked node', 'PUT', 409, off, { isLocked: true }),
  maintenance('of an unknown node', 'PUT', 404, undefined, { call: 'PUT /v1/nodes/nosuch/maintenance' }),
  maintenance('an unknown path below it', 'PUT', 404, off, { call: 'PUT /v1/nodes/node-1/maintenance/foo' }),
  maintenance('of a node whose driver is not enabled', 'PUT', 202, on(null), {
    section: '9.5',
    stored: { driver: 'gone' },
  }),
  maintenance('also clears the reason and the fault', 'DELETE', 202, off, {
    stored: { maintenance: true, maintenance_reason: 'x', fault: 'power failure' },
  }),
  maintenance('of a node that is not in maintenance', 'DELETE', 202, off, {
    headers: { 'Content-Type': 'application/octet-stream' },
  }),
  maintenance('with arguments', 'DELETE', 400, undefined, {
    call: 'DELETE /v1/nodes/node-1/maintenance?reason=x',
  }),
  maintenance('with a body', 'DELETE', 400, undefined, { json: { reason: 'x' } }),
  maintenance('of a locked node', 'DELETE', 409, undefined, { isLocked: true }),

  validate('every kind but vendor', 'node-1/validate', 200),
  validate('an interface that is not supported has a reason', 'node-1/validate', 200, {
    nodes: [{ bios_interface: 'no-bios' }],
    body: { ...allValid, bios: { result: false, reason: expect.stringMatching(/bios/) } },
  }),
  validate('a locked node', 'node-1/validate', 200, { isLocked: true }),
  validate('in the old form', 'validate?node=node-1', 200),
  validate('in the oldest form', `validate?node_uuid=${uuid(1)}`, 200, { version: 1 }),
  validate('in the old form, of nothing', 'validate', 400),
  validate('a name before 1.5', 'node-1/validate', 406, { version: 4 }),
  validate('a UUID at 1.1', `${uuid(1)}/validate`, 200, { version: 1 }),
  validate('of an unknown node', 'nosuch/validate', 404),
  validate('of a node whose driver is not enabled', 'node-1/validate', 404, { stored: { driver: 'gone' } }),

  ...(
    [
      [109, { ...states, ...raid, ...boot }],
      [75, { ...states, ...raid, ...boot }],
      [74, { ...states, ...raid }],
      [12, { ...states, ...raid }],
      [11, states],
      [1, states],
    ] as const
  ).map(([version, body]): Row => ({
    name: `states at 1.${version}`,
    section: '4.13',
    call: `GET /v1/nodes/${uuid(1)}/states`,
    version,
    status: 200,
    body,
  })),
  { name: 'states take no arguments', section: '4.13', call: 'GET /v1/nodes/node-1/states?x=1', status: 400 },
  { name: 'states of an unknown node', section: '4.13', call: 'GET /v1/nodes/nosuch/states', status: 404 },
];
