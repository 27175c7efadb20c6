import { type Action } from '../../auth/policy/actions.js';
import { type NodeFieldName } from '../fields/node-fields.js';
import { INTERFACE_FIELDS } from '../fields/node-interfaces.js';
import { type Node } from '../node.js';
import { type PatchOperation } from './json-patch.js';

/** Fields with an action of their own; the others are of `baremetal:node:update`. */
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

/** All that a caller must be allowed for a patch; an empty one counts as an update. */
export function patchActions(node: Node, operations: readonly PatchOperation[]): ReadonlySet<Action> {
  const actions = new Set<Action>();
  for (const { field, op, value } of operations) {
    actions.add(OF_FIELD[field] ?? 'baremetal:node:update');
    if (field === 'owner' && node.provision_state === 'active') {
      actions.add('baremetal:node:update_owner_provisioned');
    }
    if (field === 'automated_clean' && op !== 'remove' && isFalse(value)) {
      actions.add('baremetal:node:disable_cleaning');
    }
  }
  if (actions.size === 0) actions.add('baremetal:node:update');
  return actions;
}

/** Texts such as `off` are accepted as booleans. */
function isFalse(value: unknown): boolean {
  return (
    value !== true && value !== null && !(typeof value === 'string' && /^(?:1|t|true|on|y|yes)$/i.test(value))
  );
}
