import { type ResourceField } from '../resources/resource-field.js';
import { type ResourceRow } from '../resources/resource-rows.js';

const shown: ResourceField = { since: 1, write: '' };

/** In display order. */
export const CHASSIS_FIELDS = {
  uuid: { since: 1, write: 'C', type: 'uuid', empty: null },
  description: { since: 1, write: 'CP', type: 'text', maximum: 255, empty: null },
  extra: { since: 1, write: 'CP', type: 'object', empty: {}, unsortable: true },
  created_at: shown,
  updated_at: shown,
  links: { ...shown, unsortable: true },
  nodes: { ...shown, unsortable: true, isNeverSelected: true },
} as const satisfies Record<string, ResourceField>;

export type ChassisField = keyof typeof CHASSIS_FIELDS;
export type ChassisRow = ResourceRow<ChassisField>;

/** Shown in lists without `fields` and `detail`. */
export const CHASSIS_SUMMARY: readonly ChassisField[] = ['uuid', 'description', 'links'];
