/** Team A owns the node of the table, team B is its lessee, and team C has no part in it. */
export const CALLERS = {
  systemAdmin: { roles: ['admin'], system: true },
  systemMember: { roles: ['member'], system: true },
  systemReader: { roles: ['reader'], system: true },
  systemService: { roles: ['service'], system: true },
  ownerAdmin: { roles: ['admin'], project: 'team-a' },
  ownerManager: { roles: ['manager'], project: 'team-a' },
  ownerMember: { roles: ['member'], project: 'team-a' },
  ownerReader: { roles: ['reader'], project: 'team-a' },
  ownerService: { roles: ['service'], project: 'team-a' },
  lesseeAdmin: { roles: ['admin'], project: 'team-b' },
  lesseeManager: { roles: ['manager'], project: 'team-b' },
  lesseeMember: { roles: ['member'], project: 'team-b' },
  lesseeReader: { roles: ['reader'], project: 'team-b' },
  nova: { roles: ['service'], project: 'services' },
  adminOfServices: { roles: ['admin'], project: 'services' },
  strangeAdmin: { roles: ['admin'], project: 'team-c' },
  guest: { roles: ['guest'], project: 'team-a' },
} as const satisfies Record<string, object>;
export type CallerName = keyof typeof CALLERS;
export const CALLER_NAMES = Object.keys(CALLERS) as CallerName[];

const ADMIN = ['systemAdmin'] as const;
/** `nova` is a service of the project of FERRULE_SERVICE_PROJECT. */
const WRITERS = ['systemAdmin', 'systemMember', 'systemService', 'nova'] as const;
const READERS = [...WRITERS, 'systemReader'] as const;
const OWNER_MANAGERS = [...WRITERS, 'ownerAdmin', 'ownerManager', 'ownerService'] as const;
/** Who may add ports, and remove them. */
const BUILDERS = [
  'systemAdmin',
  'systemService',
  'nova',
  'ownerAdmin',
  'ownerManager',
  'ownerService',
] as const;
const OWNER_MEMBERS = [...OWNER_MANAGERS, 'ownerMember'] as const;
const LESSEE_MANAGERS = [...OWNER_MEMBERS, 'lesseeAdmin', 'lesseeManager'] as const;
const MEMBERS = [...LESSEE_MANAGERS, 'lesseeMember'] as const;
const SEERS = [...MEMBERS, 'systemReader', 'ownerReader', 'lesseeReader'] as const;
const ALL_WITH_A_ROLE = [...SEERS, 'adminOfServices', 'strangeAdmin'] as const;

export interface Row {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{port}`, `{portgroup}`: UUIDs of such parts of the node, `{fresh_port}` and `{fresh_portgroup}` of those for this request. `{node}`: its name; `{fresh}`: that of a like node for this request alone; `{job}`: the id of a job of the node. */
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  readonly allowed: readonly CallerName[];
  /** Of the others: 403 for those who may see it. */
  readonly seers?: readonly CallerName[];
  /** Who gets 403 instead of 404, although it may not see it. */
  readonly refused?: readonly CallerName[];
}

const node = (
  verb: Row['verb'],
  path: string,
  status: number,
  allowed: Row['allowed'],
  body?: unknown,
): Row => ({
  verb,
  path: `/v1/nodes/${path}`,
  body,
  status,
  allowed,
  seers: SEERS,
});
const patch = (
  allowed: Row['allowed'],
  ...operations: readonly (readonly [path: string, value: unknown])[]
): Row =>
  node(
    'PATCH',
    '{node}',
    200,
    allowed,
    operations.map(([path, value]) => ({ op: 'add', path, value })),
  );
const other = (
  verb: Row['verb'],
  path: string,
  status: number,
  allowed: Row['allowed'],
  body?: unknown,
): Row => ({
  verb,
  path,
  body,
  status,
  allowed,
});
const job = (path: string, allowed: Row['allowed'], verb: Row['verb'] = 'GET', status = 200): Row => ({
  ...other(verb, path, status, allowed),
  seers: SEERS,
  refused: ['guest'],
});

const part = (
  verb: Row['verb'],
  path: string,
  status: number,
  allowed: Row['allowed'],
  body?: unknown,
): Row => ({
  ...other(verb, path, status, allowed, body),
  seers: SEERS,
});
const EXTRA = [{ op: 'add', path: '/extra/a', value: 1 }];

const NEW_NODE = { driver: 'fake-hardware' };
const CREATORS = [
  ...ADMIN,
  'systemService',
  'nova',
  'ownerAdmin',
  'ownerService',
  'lesseeAdmin',
  'adminOfServices',
  'strangeAdmin',
] as const;
const creation = (allowed: Row['allowed'], fields: object): Row =>
  other('POST', '/v1/nodes', 201, allowed, { ...NEW_NODE, ...fields });

/** There is none. */
const CHASSIS = '/v1/chassis/8a1d2c3b-4e5f-4a6b-9c7d-0e1f2a3b4c5d';
const FLEET_CALL = '/v1/fleet_calls/5c3f0d9e-2a41-4c8b-9f57-6d1e0b7a8c32';

/** Who may do what by default, as in Ironic's policies. */
export const TABLE: readonly Row[] = [
  node('GET', '{node}', 200, SEERS),
  node('GET', '{node}/states', 200, SEERS),
  node('GET', '{node}/validate', 200, LESSEE_MANAGERS),
  node('GET', 'validate?node={node}', 200, LESSEE_MANAGERS),
  node('PUT', '{node}/maintenance', 202, LESSEE_MANAGERS, { reason: 'disk' }),
  node('DELETE', '{node}/maintenance', 202, LESSEE_MANAGERS),
  node('PUT', '{fresh}/states/power', 202, MEMBERS, { target: 'power on' }),
  node('GET', '{node}/management/boot_device', 200, OWNER_MANAGERS),
  node('GET', '{node}/management/boot_device/supported', 200, OWNER_MANAGERS),
  node('PUT', '{node}/management/boot_device', 204, OWNER_MANAGERS, { boot_device: 'pxe' }),
  node('PUT', '{node}/management/inject_nmi', 204, OWNER_MANAGERS),
  patch(MEMBERS),
  patch(MEMBERS, ['/description', 'x']),
  patch(MEMBERS, ['/maintenance', false]),
  patch(MEMBERS, ['/protected_reason', null]),
  patch(MEMBERS, ['/resource_class', 'x']),
  patch(MEMBERS, ['/automated_clean', true]),
  patch(MEMBERS, ['/extra/a', 1]),
  patch(LESSEE_MANAGERS, ['/instance_info/a', 1]),
  patch(LESSEE_MANAGERS, ['/instance_name', 'x']),
  patch(OWNER_MANAGERS, ['/instance_info/vendor_interface', 'fake-options']),
  patch(OWNER_MANAGERS, ['/instance_info', {}], ['/instance_info', { vendor_interface: 'fake-options' }]),
  patch(LESSEE_MANAGERS, ['/instance_info', { power_interface: 'fake' }]),
  patch(OWNER_MEMBERS, ['/driver_info/a', 1]),
  patch(OWNER_MEMBERS, ['/properties/a', 1]),
  patch(OWNER_MEMBERS, ['/instance_uuid', null]),
  patch(OWNER_MEMBERS, ['/network_data', { links: [], networks: [], services: [] }]),
  patch(OWNER_MEMBERS, ['/name', 'shared']),
  patch(OWNER_MEMBERS, ['/retired', false]),
  patch(OWNER_MEMBERS, ['/retired_reason', null]),
  patch(OWNER_MEMBERS, ['/lessee', 'team-b']),
  patch(OWNER_MANAGERS, ['/driver', 'fake-hardware']),
  patch(OWNER_MANAGERS, ['/vendor_interface', 'fake-options']),
  patch(OWNER_MANAGERS, ['/power_interface', 'fake']),
  patch(WRITERS, ['/owner', 'team-a']),
  patch(WRITERS, ['/conductor_group', '']),
  patch(WRITERS, ['/parent_node', null]),
  patch(ADMIN, ['/chassis_uuid', null]),
  patch(ADMIN, ['/shard', 'x']),
  patch(ADMIN, ['/disable_power_off', false]),
  patch(ADMIN, ['/automated_clean', false]),
  patch(ADMIN, ['/automated_clean', 'off']),
  patch(ADMIN, ['/description', 'x'], ['/shard', 'x']),
  patch(WRITERS, ['/description', 'x'], ['/owner', 'team-a']),
  node('DELETE', '{fresh}', 204, [...ADMIN, 'ownerAdmin']),
  node('GET', '{node}/vendor_passthru/methods', 200, ADMIN),
  node('GET', '{node}/vendor_passthru/echo', 200, ADMIN),
  node('POST', '{node}/vendor_passthru?method=echo', 200, ADMIN, { a: 1 }),
  node('POST', '{node}/vendor_passthru/nonesuch', 400, ADMIN),
  node('POST', '{node}/vendor_passthru', 400, ADMIN),
  node('DELETE', '{node}/vendor_passthru/log', 400, ADMIN),
  node('POST', '{node}/vendor_passthru/sleep', 400, ADMIN, { seconds: 'none' }),
  other('GET', '/v1/nodes', 200, ALL_WITH_A_ROLE),
  other('GET', '/v1/nodes/detail', 200, ALL_WITH_A_ROLE),
  creation(CREATORS, {}),
  other('POST', '/v1/nodes', 201, [...ADMIN, 'systemService', 'nova', 'ownerAdmin', 'ownerService'], {
    ...NEW_NODE,
    owner: 'team-a',
  }),
  other('POST', '/v1/nodes', 201, [...ADMIN, 'systemService', 'nova'], { ...NEW_NODE, owner: 'team-z' }),
  creation(CREATORS, { vendor_interface: 'fake-options', driver_info: { a: 1 }, properties: { b: 1 } }),
  creation(CREATORS, { shard: null, conductor_group: '', lessee: 'team-b', disable_power_off: false }),
  creation([...ADMIN, 'systemService', 'nova'], { parent_node: 'shared' }),
  creation(ADMIN, { shard: 'x' }),
  creation(ADMIN, { disable_power_off: true }),
  creation(ADMIN, { automated_clean: false }),
  other('GET', '/v1/chassis', 200, READERS),
  other('GET', '/v1/chassis/detail', 200, READERS),
  other('POST', '/v1/chassis', 201, ADMIN, {}),
  other('GET', CHASSIS, 404, READERS),
  other('PATCH', CHASSIS, 404, WRITERS, [{ op: 'add', path: '/description', value: 'x' }]),
  other('DELETE', CHASSIS, 404, ADMIN),
  other('GET', `${CHASSIS}/nodes`, 404, ALL_WITH_A_ROLE),
  other('GET', `${CHASSIS}/nodes/detail`, 404, ALL_WITH_A_ROLE),
  ...['ports', 'portgroups'].flatMap((collection) => {
    const one = collection.slice(0, -1);
    return [
      other('GET', `/v1/${collection}`, 200, ALL_WITH_A_ROLE),
      other('GET', `/v1/${collection}/detail`, 200, ALL_WITH_A_ROLE),
      node('GET', `{node}/${collection}`, 200, SEERS),
      node('GET', `{node}/${collection}/detail`, 200, SEERS),
      part('GET', `/v1/${collection}/{${one}}`, 200, SEERS),
      part('PATCH', `/v1/${collection}/{${one}}`, 200, OWNER_MANAGERS, EXTRA),
      part('DELETE', `/v1/${collection}/{fresh_${one}}`, 204, BUILDERS),
      other('POST', `/v1/${collection}`, 201, BUILDERS, { node_uuid: '{node_uuid}', address: '{address}' }),
    ];
  }),
  part('GET', '/v1/portgroups/{portgroup}/ports', 200, SEERS),
  part('GET', '/v1/portgroups/{portgroup}/ports/detail', 200, SEERS),
  other('GET', '/v1/conductors', 200, READERS),
  other('GET', '/v1/conductors/cond-a', 200, READERS),
  other('GET', '/v1/conductors/nonesuch', 404, READERS),
  other('GET', '/v1/drivers', 200, READERS),
  other('GET', '/v1/drivers/fake-hardware', 200, READERS),
  other('GET', '/v1/drivers/nonesuch', 404, READERS),
  other('GET', '/v1/drivers/fake-hardware/properties', 200, READERS),
  other('GET', '/v1/drivers/fake-hardware/vendor_passthru/methods', 200, ADMIN),
  other('GET', '/v1/drivers/nonesuch/vendor_passthru/methods', 404, ADMIN),
  other('GET', '/v1/drivers/fake-hardware/vendor_passthru?method=nonesuch', 400, ADMIN),
  other('POST', '/v1/drivers/fake-hardware/vendor_passthru/nonesuch', 400, ADMIN),
  other('POST', '/v1/drivers/nonesuch/vendor_passthru/any', 404, ADMIN),
  other('GET', '/v1/jobs', 200, ALL_WITH_A_ROLE),
  job('/v1/jobs/{job}', SEERS),
  job('/v1/jobs/{job}', ADMIN, 'DELETE', 409),
  job('/v1/jobs/{job}/attachment', ADMIN),
  job('/v1/jobs/{job}/events', SEERS),
  other('GET', '/v1/events', 200, ALL_WITH_A_ROLE),
  other('GET', '/v1/audit', 200, ADMIN),
  other('GET', '/v1/locks', 200, ALL_WITH_A_ROLE),
  { ...other('GET', '/v1/locks?node={node}', 200, SEERS), seers: SEERS, refused: ['guest'] },
  { ...other('DELETE', '/v1/locks/{node}', 404, ADMIN), seers: SEERS },
  other('POST', '/v1/fleet_calls?dry_run=true', 200, ADMIN, { method: 'report_progress', nodes: ['shared'] }),
  other('GET', '/v1/fleet_calls', 200, READERS),
  other('GET', FLEET_CALL, 404, READERS),
  other('GET', `${FLEET_CALL}/nodes`, 404, READERS),
  other('PUT', `${FLEET_CALL}/state`, 404, READERS, { target: 'paused' }),
  other('DELETE', FLEET_CALL, 404, READERS),
];

/** Answered to everybody, whoever asks. */
export const PUBLIC: readonly string[] = [
  'GET /',
  'GET /v1',
  'GET /healthz',
  'GET /readyz',
  'GET /docs',
  'GET /docs/*file',
  'GET /openapi.json',
  'GET /console',
  'GET /console/:file',
  'GET /metrics',
];

/** Never a success, whoever asks. */
export const WITHOUT_EFFECT: readonly string[] = [
  'DELETE /v1/nodes',
  'PATCH /v1/nodes',
  ...['chassis', 'ports', 'portgroups'].flatMap((each) => [`DELETE /v1/${each}`, `PATCH /v1/${each}`]),
];

export function expectedStatus({ status, allowed, seers, refused }: Row, caller: CallerName): number {
  if (allowed.includes(caller)) return status;
  return seers === undefined || seers.includes(caller) || refused?.includes(caller) ? 403 : 404;
}
