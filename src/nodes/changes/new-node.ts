import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonValue } from '@ferrule/driver-kit';
import { typeName } from '../../json/type-name.js';
import { BadRequest, NotAcceptable, UnexpectedArguments } from '../../http/errors.js';
import { type Roster } from '../../conductors/roster/roster.js';
import {
  isColumn,
  isNodeField,
  NODE_FIELD_NAMES,
  nodeField,
  type NodeColumn,
  type NodeFieldName,
} from '../fields/node-fields.js';
import { NoChassis } from '../errors.js';
import { completeInterfaces } from '../fields/node-interfaces.js';
import { assertNodeName } from '../fields/node-name.js';
import { storedValue } from '../fields/node-values.js';
import { initialState } from '../fields/provision-states.js';
import { driverToSet } from '../served-drivers.js';

const CREATABLE = NODE_FIELD_NAMES.filter(isColumn).filter((name) => nodeField(name).write.includes('C'));

/** `parent_node` stays the name or UUID that the client gave. */
export function newNode(body: JsonValue, microversion: number, roster: Roster): Map<NodeColumn, unknown> {
  const wanted = readMembers(body, microversion);
  const values = new Map<NodeColumn, unknown>();
  for (const name of CREATABLE) {
    if (nodeField(name).type !== 'interface') values.set(name, storedValue(name, wanted.get(name) ?? null));
  }
  const name = values.get('name');
  if (typeof name === 'string') assertNodeName(name, microversion);
  if (values.get('chassis_uuid') !== null) throw new NoChassis(values.get('chassis_uuid'));
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

function readMembers(body: JsonValue, microversion: number): Map<NodeFieldName, unknown> {
  if (!isJsonObject(body)) throw new BadRequest(`A node is a JSON object, not ${typeName(body)}.`);
  const members = new Map<NodeFieldName, unknown>();
  const unexpected: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (isNodeField(name) && nodeField(name).write.includes('C')) members.set(name, value);
    else unexpected.push(name);
  }
  if (unexpected.length > 0) throw new UnexpectedArguments(unexpected);
  if ((members.get('driver') ?? null) === null) throw new BadRequest('The field driver is mandatory.');
  for (const [name, value] of members) {
    const { since, empty } = nodeField(name);
    // Clients send null, or "" for conductor_group, for every field they know but have no value for.
    const isNothing = value === null || (empty === '' && value === '');
    if (since > microversion && !isNothing) {
      throw NotAcceptable.before(name, since);
    }
  }
  return members;
}
