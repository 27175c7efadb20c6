import { type JsonObject } from '@ferrule/driver-kit';
import { type Action } from '../../auth/policy/defaults/actions.js';
import { actionOfField, actionsOfValue } from './field-actions.js';
import { isNodeField, nodeField, type NodeFieldName } from '../fields/node-fields.js';

/** Fields that every caller may set that may create a node. */
const INCLUDED: ReadonlySet<NodeFieldName> = new Set(['driver', 'owner']);

/** What a caller must be allowed for the fields of a node that it creates: those with an action of their own. */
export function creationActions(body: JsonObject): ReadonlySet<Action> {
  const actions = new Set<Action>();
  for (const [field, value] of Object.entries(body)) {
    // Clients send null, or "" for conductor_group, for fields that they have no value for.
    if (!isNodeField(field) || value === null || value === nodeField(field).empty) continue;
    const own = INCLUDED.has(field) ? undefined : actionOfField(field);
    for (const action of [...(own ? [own] : []), ...actionsOfValue(field, value, null)]) actions.add(action);
  }
  return actions;
}
