import { isJsonObject } from '@ferrule/driver-kit';
import { type Action } from '../../auth/policy/defaults/actions.js';
import { booleanOf } from '../../http/query/boolean.js';
import { type NodeFieldName } from '../fields/node-fields.js';
import { INTERFACE_FIELDS } from '../fields/node-interfaces.js';

const OF_FIELD: Partial<Record<NodeFieldName, Action>> = {
  instance_info: 'baremetal:node:update_instance_info',
  instance_name: 'baremetal:node:update_instance_info',
  extra: 'baremetal:node:update_extra',
  driver_info: 'baremetal:node:update:driver_info',
  properties: 'baremetal:node:update:properties',
  instance_uuid: 'baremetal:node:update:instance_uuid',
  network_data: 'baremetal:node:update:network_data',
  name: 'baremetal:node:update:name',
  retired: 'baremetal:node:update:retired',
  retired_reason: 'baremetal:node:update:retired',
  lessee: 'baremetal:node:update:lessee',
  driver: 'baremetal:node:update:driver_interfaces',
  owner: 'baremetal:node:update:owner',
  conductor_group: 'baremetal:node:update:conductor_group',
  parent_node: 'baremetal:node:update:parent_node',
  chassis_uuid: 'baremetal:node:update:chassis_uuid',
  shard: 'baremetal:node:update:shard',
  disable_power_off: 'baremetal:node:update:disable_power_off',
  ...Object.fromEntries(
    INTERFACE_FIELDS.map(([, field]) => [field, 'baremetal:node:update:driver_interfaces']),
  ),
};

/** The action for the field itself; undefined if `baremetal:node:update` is enough. */
export function actionOfField(field: NodeFieldName): Action | undefined {
  return OF_FIELD[field];
}

/** The actions that a value of a field needs besides. @param before the value that it replaces. */
export function actionsOfValue(field: NodeFieldName, value: unknown, before: unknown): readonly Action[] {
  if (field === 'automated_clean' && isFalse(value)) return ['baremetal:node:disable_cleaning'];
  if (field === 'instance_info' && vendorInterfaceIn(value) !== vendorInterfaceIn(before)) {
    return [VENDOR_INTERFACE];
  }
  return [];
}

/** `instance_info.vendor_interface` decides which methods a node has, so it needs what the field itself needs. */
export const VENDOR_INTERFACE: Action = 'baremetal:node:update:driver_interfaces';

function vendorInterfaceIn(value: unknown): unknown {
  return isJsonObject(value) ? (value['vendor_interface'] ?? null) : null;
}

/** Texts such as `off` are accepted as booleans. What is neither is refused later. */
function isFalse(value: unknown): boolean {
  if ((value ?? null) === null) return false;
  return (typeof value === 'string' ? booleanOf(value) : value) !== true;
}
