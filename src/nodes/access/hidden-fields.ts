import { type Caller } from '../../auth/caller.js';
import { type Action } from '../../auth/policy/defaults/actions.js';
import { type Relation } from '../../auth/policy/defaults/personas.js';
import { Forbidden } from '../../auth/policy/denial.js';
import { type Policy } from '../../auth/policy/policy.js';
import { type NodeFieldName } from '../fields/node-fields.js';
import { type NodeRow } from '../node.js';

const THRESHOLD: Action = 'baremetal:node:get:filter_threshold';
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
  if (policy.may(caller, THRESHOLD, ownership)) return NONE;
  const hidden = [...GUARDED].filter(([, action]) => !policy.may(caller, action, ownership));
  return hidden.length === 0 ? NONE : new Set(hidden.map(([field]) => field));
}

/**
 * The order of nodes tells of the values by which they are sorted.
 * @param relations of the nodes that are listed to the caller's project.
 * @throws Forbidden (403) if the values of the field are hidden in some of them.
 */
export function assertOrderShown(
  policy: Policy,
  caller: Caller,
  field: string,
  relations: ReadonlySet<Relation>,
): void {
  const [, action] = [...GUARDED].find(([name]) => name === field) ?? [];
  if (action === undefined) return;
  const unguarded = policy.relations(caller, [THRESHOLD]);
  // Without a project there are no other relations.
  const possible = caller.projectId === null ? (['none'] as const) : relations;
  const refusal = policy.refusal(
    caller,
    action,
    [...possible].filter((relation) => !unguarded.has(relation)),
  );
  if (refusal) throw new Forbidden(refusal);
}
