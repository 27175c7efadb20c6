import { type NodesTable } from '../../database/tables.js';
import { fieldsSince, isFieldOf, namesOf, type ResourceField } from '../../resources/resource-field.js';

const shown = (since: number): ResourceField => ({ since, write: '' });
const links = (since: number): ResourceField => ({
  since,
  write: '',
  unsortable: true,
  isNeverSelected: true,
});
const shownObject = (since: number): ResourceField => ({ since, write: '', unsortable: true });
const text = (since: number, maximum?: number): ResourceField => ({
  since,
  write: 'CP',
  type: 'text',
  empty: null,
  ...(maximum === undefined ? {} : { maximum }),
});
const object = (since: number): ResourceField => ({
  since,
  write: 'CP',
  type: 'object',
  empty: {},
  unsortable: true,
});
const flag = (since: number, write: ResourceField['write'] = 'CP'): ResourceField => ({
  since,
  write,
  type: 'boolean',
  empty: false,
});
const uuid = (write: ResourceField['write']): ResourceField => ({
  since: 1,
  write,
  type: 'uuid',
  empty: null,
});
const hardwareInterface = (since: number): ResourceField => ({
  since,
  write: 'CP',
  type: 'interface',
  maximum: 255,
});

/** In display order, with the N of the 1.N that introduced each. */
export const NODE_FIELDS = {
  uuid: uuid('C'),
  name: text(5),
  driver: { since: 1, write: 'CP', type: 'text', minimum: 1, maximum: 255 },
  driver_info: object(1),
  driver_internal_info: shownObject(3),
  extra: object(1),
  properties: object(1),
  instance_info: object(1),
  instance_uuid: uuid('CP'),
  instance_name: { ...text(104, 255), minimum: 1 },
  allocation_uuid: { ...shown(52), unsortable: true },
  chassis_uuid: { ...uuid('CP'), unsortable: true },
  provision_state: shown(1),
  target_provision_state: shown(1),
  provision_updated_at: shown(1),
  power_state: shown(1),
  target_power_state: shown(1),
  maintenance: flag(1),
  maintenance_reason: shown(1),
  fault: shown(42),
  last_error: shown(1),
  reservation: shown(1),
  console_enabled: flag(1, 'C'),
  boot_mode: { ...text(75, 255), write: 'C' },
  secure_boot: { since: 75, write: 'C', type: 'boolean', empty: null },
  health: shown(109),
  automated_clean: { since: 47, write: 'CP', type: 'boolean', empty: null },
  disable_power_off: { ...flag(95), cleared: null },
  protected: flag(48, 'P'),
  protected_reason: { ...text(48), write: 'P' },
  retired: { ...flag(61), cleared: null },
  retired_reason: text(61),
  clean_step: shownObject(7),
  deploy_step: shownObject(44),
  service_step: shownObject(87),
  raid_config: shownObject(12),
  target_raid_config: shownObject(12),
  traits: shownObject(37),
  network_data: object(66),
  resource_class: text(21, 80),
  conductor_group: { ...text(46, 255), empty: '' },
  conductor: { ...shown(49), unsortable: true },
  owner: text(50, 255),
  lessee: text(65, 255),
  description: text(51, 4096),
  shard: text(82, 255),
  parent_node: text(83, 36),
  inspection_started_at: shown(6),
  inspection_finished_at: shown(6),
  bios_interface: hardwareInterface(40),
  boot_interface: hardwareInterface(31),
  console_interface: hardwareInterface(31),
  deploy_interface: hardwareInterface(31),
  firmware_interface: hardwareInterface(86),
  inspect_interface: hardwareInterface(31),
  management_interface: hardwareInterface(31),
  network_interface: hardwareInterface(20),
  power_interface: hardwareInterface(31),
  raid_interface: hardwareInterface(31),
  rescue_interface: hardwareInterface(38),
  storage_interface: hardwareInterface(33),
  vendor_interface: hardwareInterface(31),
  created_at: { ...shown(1), isNeverSelected: true },
  updated_at: { ...shown(1), isNeverSelected: true },
  links: links(1),
  ports: links(1),
  states: links(14),
  portgroups: links(24),
  volume: links(32),
} as const satisfies Record<string, ResourceField>;

export type NodeFieldName = keyof typeof NODE_FIELDS;

const COMPUTED = ['reservation', 'conductor', 'links', 'ports', 'states', 'portgroups', 'volume'] as const;
export type ComputedField = (typeof COMPUTED)[number];
export type NodeColumn = Exclude<NodeFieldName, ComputedField> & keyof NodesTable;

export const NODE_FIELD_NAMES = namesOf(NODE_FIELDS);

const COMPUTED_NAMES: ReadonlySet<string> = new Set(COMPUTED);

export function isNodeField(name: string): name is NodeFieldName {
  return isFieldOf(NODE_FIELDS, name);
}

export function nodeField(name: NodeFieldName): ResourceField {
  return NODE_FIELDS[name];
}

export function isColumn(name: NodeFieldName): name is NodeColumn {
  return !COMPUTED_NAMES.has(name);
}

export function fieldsAt(microversion: number): NodeFieldName[] {
  return fieldsSince(NODE_FIELDS, microversion);
}
