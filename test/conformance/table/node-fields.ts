import { having, links, type Row, uuid } from '../row.js';

const below = (name: string): readonly object[] => links(`nodes/${uuid(1)}/${name}`);

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00$/);

const FIELDS: readonly [name: string, since: number, value: unknown][] = [
  ['uuid', 1, uuid(1)],
  ['created_at', 1, TIME],
  ['updated_at', 1, null],
  ['driver', 1, 'fake-hardware'],
  ['driver_info', 1, {}],
  ['extra', 1, {}],
  ['properties', 1, {}],
  ['instance_info', 1, {}],
  ['instance_uuid', 1, null],
  ['chassis_uuid', 1, null],
  ['provision_state', 1, expect.anything()],
  ['target_provision_state', 1, null],
  ['provision_updated_at', 1, null],
  ['power_state', 1, null],
  ['target_power_state', 1, null],
  ['maintenance', 1, false],
  ['maintenance_reason', 1, null],
  ['last_error', 1, null],
  ['reservation', 1, null],
  ['console_enabled', 1, false],
  ['links', 1, links(`nodes/${uuid(1)}`)],
  ['ports', 1, links(`nodes/${uuid(1)}/ports`)],
  ['driver_internal_info', 3, {}],
  ['name', 5, 'node-1'],
  ['inspection_started_at', 6, null],
  ['inspection_finished_at', 6, null],
  ['clean_step', 7, {}],
  ['raid_config', 12, {}],
  ['target_raid_config', 12, {}],
  ['states', 14, below('states')],
  ['network_interface', 20, 'noop'],
  ['resource_class', 21, null],
  ['portgroups', 24, links(`nodes/${uuid(1)}/portgroups`)],
  ['boot_interface', 31, 'fake'],
  ['console_interface', 31, 'fake'],
  ['deploy_interface', 31, 'fake'],
  ['inspect_interface', 31, 'fake'],
  ['management_interface', 31, 'fake'],
  ['power_interface', 31, 'fake'],
  ['raid_interface', 31, 'fake'],
  ['vendor_interface', 31, 'fake-options'],
  ['volume', 32, []],
  ['storage_interface', 33, 'noop'],
  ['traits', 37, []],
  ['rescue_interface', 38, 'fake'],
  ['bios_interface', 40, 'fake'],
  ['fault', 42, null],
  ['deploy_step', 44, {}],
  ['conductor_group', 46, ''],
  ['automated_clean', 47, null],
  ['protected', 48, false],
  ['protected_reason', 48, null],
  ['conductor', 49, 'cond-a'],
  ['owner', 50, null],
  ['description', 51, null],
  ['allocation_uuid', 52, null],
  ['retired', 61, false],
  ['retired_reason', 61, null],
  ['lessee', 65, null],
  ['network_data', 66, {}],
  ['boot_mode', 75, null],
  ['secure_boot', 75, null],
  ['shard', 82, null],
  ['parent_node', 83, null],
  ['firmware_interface', 86, 'fake'],
  ['service_step', 87, {}],
  ['disable_power_off', 95, false],
  ['instance_name', 104, null],
  ['health', 109, null],
];

const LAST = 109;
const at = (version: number): Record<string, unknown> =>
  Object.fromEntries(FIELDS.filter(([, since]) => since <= version).map(([name, , value]) => [name, value]));

const BOUNDARIES = [...new Set(FIELDS.flatMap(([, since]) => [since - 1, since]))].filter(
  (version) => version >= 1,
);

const NOT_ASKABLE = ['created_at', 'updated_at', 'links', 'ports', 'states', 'portgroups', 'volume'];
const ASKABLE = FIELDS.filter(([name]) => !NOT_ASKABLE.includes(name));

const show = (name: string, query: string, status: number, more: Partial<Row> = {}): Row => ({
  name,
  section: '4.8',
  call: `GET /v1/nodes/${uuid(1)}${query}`,
  status,
  ...more,
});

export const nodeFields: readonly Row[] = [
  ...BOUNDARIES.map((version): Row => ({
    name: `the whole node at 1.${version}`,
    section: '4.3.1',
    call: `GET /v1/nodes/${uuid(1)}`,
    version,
    status: 200,
    body: at(version),
  })),
  {
    name: 'POST answers the same as GET',
    section: '4.4',
    call: 'POST /v1/nodes',
    nodes: [],
    json: { uuid: uuid(1), name: 'node-1', driver: 'fake-hardware', vendor_interface: 'fake-options' },
    status: 201,
    body: at(LAST),
  },
  {
    name: 'the details of a list, too',
    section: '4.7',
    call: 'GET /v1/nodes/detail',
    version: 72,
    status: 200,
    body: { nodes: [at(72)] },
  },
  ...ASKABLE.map(([name, since, value]) =>
    show(`fields=${name}`, `?fields=${name}`, 200, {
      version: Math.max(since, 8),
      body: { [name]: value, links: links(`nodes/${uuid(1)}`) },
    }),
  ),
  ...ASKABLE.filter(([, since]) => since > 8).map(([name, since]) =>
    show(`fields=${name} before 1.${since}`, `?fields=${name}`, 406, {
      version: since - 1,
      says: new RegExp(name),
    }),
  ),
  ...NOT_ASKABLE.map((name) => show(`fields=${name}`, `?fields=${name}`, 400)),
  show('fields=nosuch', '?fields=nosuch', 400, { says: /nosuch/ }),
  show('fields at 1.7', '?fields=uuid', 406, { version: 7 }),
  show('no fields leave the links', '?fields=', 200, { body: { links: links(`nodes/${uuid(1)}`) } }),
  show('no other parameters', '?detail=true', 400),
  {
    name: 'links use the UUID even if the request used the name',
    section: '4.3',
    call: 'GET /v1/nodes/node-1?fields=name',
    status: 200,
    body: having({ links: links(`nodes/${uuid(1)}`) }),
  },
  show('below 1.2 available is shown as null', '?', 200, {
    version: 1,
    stored: { provision_state: 'available' },
    body: having({ provision_state: null }),
  }),
  show('from 1.2 on available is shown', '?', 200, {
    version: 2,
    stored: { provision_state: 'available' },
    body: having({ provision_state: 'available' }),
  }),
  show('below 1.39 inspect wait is shown as inspecting', '?', 200, {
    version: 38,
    stored: { provision_state: 'inspect wait' },
    body: having({ provision_state: 'inspecting' }),
  }),
  show('from 1.39 on inspect wait is shown', '?', 200, {
    version: 39,
    stored: { provision_state: 'inspect wait' },
    body: having({ provision_state: 'inspect wait' }),
  }),
  show('a locked node shows the holder', '?fields=reservation', 200, {
    isLocked: true,
    body: having({ reservation: 'other-conductor' }),
  }),
  show('a driver that is no longer enabled', '?', 200, {
    stored: { driver: 'gone' },
    body: having({ driver: 'gone', conductor: null }),
  }),
];
