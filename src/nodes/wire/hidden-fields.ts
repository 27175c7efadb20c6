import { type Caller } from '../../auth/caller.js';
import { type Action } from '../../auth/policy/defaults/actions.js';
import { type Policy } from '../../auth/policy/policy.js';
import { type NodeFieldName } from '../fields/node-fields.js';
import { type NodeRow } from '../node.js';

const GUARDED = new Map<NodeFieldName, Action>([
  ['last_error', 'baremetal:node:get:last_error'],
  ['reservation', 'baremetal:node:get:reservation'],
  ['driver_internal_info', 'baremetal:node:get:driver_internal_info'],
  ['driver_info', 'baremetal:node:get:driver_info'],
]);
const NONE: ReadonlySet<NodeFieldName> = new Set();

/** Fields of a node that a caller may see, whose values it may not. @param node with `owner` and `lessee`. */
export function hiddenFields(policy: Policy, caller: Caller, node: NodeRow): ReadonlySet<NodeFieldName> {
  const { owner = null, lessee = null } = node;
  const ownership = { owner, lessee };
  if (policy.may(caller, 'baremetal:node:get:filter_threshold', ownership)) return NONE;
  const hidden = [...GUARDED].filter(([, action]) => !policy.may(caller, action, ownership));
  return hidden.length === 0 ? NONE : new Set(hidden.map(([field]) => field));
}
