import { randomUUID } from 'node:crypto';
import { type JsonValue } from '@ferrule/driver-kit';
import { givenMembers } from '../../resources/given-values.js';
import { type Roster } from '../../conductors/roster/roster.js';
import {
  isColumn,
  NODE_FIELD_NAMES,
  NODE_FIELDS,
  nodeField,
  type NodeColumn,
} from '../fields/node-fields.js';
import { completeInterfaces } from '../fields/node-interfaces.js';
import { assertNodeName } from '../fields/node-name.js';
import { storedValue } from '../fields/node-values.js';
import { initialState } from '../fields/provision-states.js';
import { driverToSet } from '../served-drivers.js';

const CREATABLE = NODE_FIELD_NAMES.filter(isColumn).filter((name) => nodeField(name).write.includes('C'));

/** `parent_node` stays the name or UUID that the client gave. */
export function newNode(body: JsonValue, microversion: number, roster: Roster): Map<NodeColumn, unknown> {
  const wanted = givenMembers(NODE_FIELDS, 'A node', body, microversion);
  const values = new Map<NodeColumn, unknown>();
  for (const name of CREATABLE) {
    if (nodeField(name).type !== 'interface') values.set(name, storedValue(name, wanted.get(name) ?? null));
  }
  const name = values.get('name');
  if (typeof name === 'string') assertNodeName(name, microversion);
  values.set('uuid', values.get('uuid') ?? randomUUID());
  if (values.get('resource_class') === '') values.set('resource_class', null);
  values.set('provision_state', initialState(microversion));
  const driver = driverToSet(roster, String(values.get('driver')), String(values.get('conductor_group')));
  const interfaces = completeInterfaces(driver, values.get('instance_info'), (field) =>
    storedValue(field, wanted.get(field) ?? null),
  );
  for (const [field, name] of interfaces) values.set(field, name);
  return values;
}
