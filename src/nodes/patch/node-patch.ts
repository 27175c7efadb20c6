import { BadRequest } from '../../http/errors.js';
import { type ServedDriver } from '../../conductors/roster/served-driver.js';
import { type Roster } from '../../conductors/roster/roster.js';
import { InvalidState } from '../errors.js';
import { patchedValues } from '../../resources/patched-values.js';
import { type NodeOperation, type NodePatch } from './wanted-patch.js';
import {
  isColumn,
  NODE_FIELDS,
  nodeField,
  type NodeColumn,
  type NodeFieldName,
} from '../fields/node-fields.js';
import { NodeDraft } from './node-draft.js';
import { completeInterfaces, INTERFACE_FIELDS, overridingInterface } from '../fields/node-interfaces.js';
import { checkNetworkData } from '../fields/network-data.js';
import { assertNodeName } from '../fields/node-name.js';
import { storedValue } from '../fields/node-values.js';
import { type Node } from '../node.js';
import { driverToSet } from '../served-drivers.js';
import {
  assertChassisRemovable,
  assertConsistent,
  assertRearrangeable,
  assertUpdatable,
} from './patch-rules.js';

/** `parent_node` stays the name or UUID that the client gave. */
export function patchedNode(node: Node, patch: NodePatch, roster: Roster): NodeDraft {
  assertUpdatable(node, patch);
  const draft = new NodeDraft(node);
  for (const [column, value] of nodeValues(node, patch.operations)) {
    const isCleared = value === null && nodeField(column).cleared === null;
    draft.set(column, isCleared ? null : storedValue(column, value, node[column]));
  }
  const name = draft.get('name');
  if (draft.isChanged('name') && typeof name === 'string') assertNodeName(name, patch.microversion);
  assertChassisRemovable(draft, patch);
  rearrange(draft, patch, roster);
  replaceOverrides(draft, roster);
  assertConsistent(draft);
  return draft;
}

/** Null for removed. */
function nodeValues(node: Node, operations: readonly NodeOperation[]): Map<NodeColumn, unknown> {
  for (const { field, op, rest, value } of operations) {
    if (rest.length > 0 || op === 'remove') continue;
    if (field === 'name' && value === null)
      throw new BadRequest('Invalid name: it cannot be null; remove it instead.');
    if (field === 'network_data') checkNetworkData(value);
  }
  const values = new Map<NodeColumn, unknown>();
  const before = (field: NodeFieldName) => (isColumn(field) ? node[field] : null);
  for (const [field, value] of patchedValues(NODE_FIELDS, before, operations))
    if (isColumn(field)) values.set(field, value);
  return values;
}

function rearrange(draft: NodeDraft, patch: NodePatch, roster: Roster): void {
  const named = new Set<string>(patch.operations.map(({ field }) => field));
  if (patch.resetInterfaces && !named.has('driver')) {
    throw new BadRequest('reset_interfaces can only be used together with a change of the driver.');
  }
  const isDriverChanged = draft.isChanged('driver');
  if (isDriverChanged && draft.before.console_enabled) {
    throw new InvalidState(
      `Node ${draft.before.uuid} has its console enabled: its driver can not be changed.`,
    );
  }
  const touched = INTERFACE_FIELDS.filter(([, field]) => patch.resetInterfaces || named.has(field));
  const isRearranged = touched.length > 0 || isDriverChanged;
  if (!isRearranged && !draft.isChanged('conductor_group')) return;
  const driver = driverToSet(roster, String(draft.get('driver')), String(draft.get('conductor_group')));
  for (const [, field] of touched) if (!named.has(field)) draft.set(field, null);
  assertRearrangeable(draft, patch.resetInterfaces);
  if (isRearranged) complete(draft, driver);
}

/** Where `instance_info` no longer names an interface and the node has none of its own, it gets the default. */
function replaceOverrides(draft: NodeDraft, roster: Roster): void {
  const info = draft.get('instance_info');
  const isLacking = INTERFACE_FIELDS.some(
    ([kind, field]) => draft.get(field) === null && overridingInterface(info, kind) === undefined,
  );
  const driver = isLacking ? roster.driver(String(draft.get('driver'))) : undefined;
  if (driver) complete(draft, driver);
}

function complete(draft: NodeDraft, driver: ServedDriver): void {
  const interfaces = completeInterfaces(driver, draft.get('instance_info'), (field) => draft.get(field));
  for (const [field, name] of interfaces) draft.set(field, name);
}
