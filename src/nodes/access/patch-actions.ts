import { type Action } from '../../auth/policy/defaults/actions.js';
import { actionOfField, actionsOfValue, VENDOR_INTERFACE } from './field-actions.js';
import { isColumn } from '../fields/node-fields.js';
import { type Node } from '../node.js';
import { type NodeOperation } from '../patch/wanted-patch.js';

/** All that a caller must be allowed for a patch; an empty one counts as an update. */
export function patchActions(node: Node, operations: readonly NodeOperation[]): ReadonlySet<Action> {
  const actions = new Set<Action>();
  for (const { field, op, rest, value } of operations) {
    actions.add(actionOfField(field) ?? 'baremetal:node:update');
    if (field === 'owner' && node.provision_state === 'active') {
      actions.add('baremetal:node:update_owner_provisioned');
    }
    if (rest.length === 0) {
      const before = isColumn(field) ? node[field] : null;
      const further = actionsOfValue(field, op === 'remove' ? null : value, before);
      for (const action of further) actions.add(action);
    } else if (field === 'instance_info' && rest[0] === 'vendor_interface') actions.add(VENDOR_INTERFACE);
  }
  if (actions.size === 0) actions.add('baremetal:node:update');
  return actions;
}
