import { type ResourceField } from '../resources/resource-field.js';

const shown = (since: number): ResourceField => ({ since, write: '' });
const links = (since: number): ResourceField => ({ since, write: '', unsortable: true });
const text = (since: number, maximum: number): ResourceField => ({
  since,
  write: 'CP',
  type: 'text',
  maximum,
  empty: null,
});
const object = (since: number): ResourceField => ({
  since,
  write: 'CP',
  type: 'object',
  empty: {},
  unsortable: true,
});
const flag = (since: number, empty: boolean): ResourceField => ({
  since,
  write: 'CP',
  type: 'boolean',
  empty,
});

/** In display order, with the N of the 1.N that introduced each. */
export const PORT_FIELDS = {
  uuid: { since: 1, write: 'C', type: 'uuid', empty: null },
  name: text(88, 255),
  address: { since: 1, write: 'CP', type: 'mac' },
  node_uuid: { since: 1, write: 'CP', type: 'uuid', unsortable: true },
  portgroup_uuid: { since: 24, write: 'CP', type: 'uuid', empty: null, unsortable: true },
  pxe_enabled: flag(19, true),
  local_link_connection: object(19),
  physical_network: { ...text(34, 64), minimum: 1 },
  is_smartnic: flag(53, false),
  description: text(97, 255),
  vendor: text(100, 32),
  category: text(101, 80),
  extra: object(1),
  internal_info: { since: 18, write: '', unsortable: true },
  created_at: shown(1),
  updated_at: shown(1),
  links: links(1),
} as const satisfies Record<string, ResourceField>;

export type PortField = keyof typeof PORT_FIELDS;

/** Shown in lists without `fields` and `detail`. */
export const PORT_SUMMARY: readonly PortField[] = ['uuid', 'address', 'links'];

export const PORTGROUP_FIELDS = {
  uuid: { since: 1, write: 'C', type: 'uuid', empty: null },
  name: text(1, 255),
  address: { since: 1, write: 'CP', type: 'mac', empty: null },
  node_uuid: { since: 1, write: 'CP', type: 'uuid', unsortable: true },
  standalone_ports_supported: flag(1, true),
  mode: { since: 26, write: 'CP', type: 'text', maximum: 255, empty: 'active-backup' },
  properties: object(26),
  physical_network: { ...text(102, 64), minimum: 1 },
  category: text(103, 80),
  extra: object(1),
  internal_info: { since: 1, write: '', unsortable: true },
  created_at: shown(1),
  updated_at: shown(1),
  links: links(1),
  ports: { ...links(24), isNeverSelected: true },
} as const satisfies Record<string, ResourceField>;

export type PortgroupField = keyof typeof PORTGROUP_FIELDS;

export const PORTGROUP_SUMMARY: readonly PortgroupField[] = ['uuid', 'name', 'address', 'links'];
