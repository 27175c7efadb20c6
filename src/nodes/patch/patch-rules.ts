import { BadRequest, NotAcceptable } from '../../http/errors.js';
import { InvalidState, NodeAssociated } from '../errors.js';
import { displayName } from '../fields/instance-name.js';
import { INTERFACE_FIELDS } from '../fields/node-interfaces.js';
import { type NodeDraft } from './node-draft.js';
import { type NodePatch } from './wanted-patch.js';
import { type Node } from '../node.js';
import { PROTECT_ALLOWED, REARRANGE_ALLOWED, UPDATE_ALLOWED } from '../fields/provision-states.js';

/** From here on, a node in state inspecting cannot be changed. */
const INSPECTING_MICROVERSION = 39;
/** From here on, a node can be taken out of its chassis. */
const CHASSIS_REMOVAL_MICROVERSION = 25;

export function assertUpdatable(node: Node, patch: NodePatch): void {
  if (node.maintenance && isOnlyDisassociation(patch)) return;
  const { uuid, provision_state: state, target_provision_state: target } = node;
  if (target !== null && !UPDATE_ALLOWED.has(state)) {
    throw new InvalidState(
      `Node ${uuid} can not be updated while a state transition is in progress: ${state} to ${target}.`,
    );
  }
  if (state === 'inspecting' && patch.microversion >= INSPECTING_MICROVERSION) {
    throw new InvalidState(`Node ${uuid} can not be updated while it is in state inspecting.`);
  }
}

/** @throws NotAcceptable (406) */
export function assertChassisRemovable(draft: NodeDraft, { microversion }: NodePatch): void {
  const isRemoved = draft.isChanged('chassis_uuid') && draft.get('chassis_uuid') === null;
  if (isRemoved && microversion < CHASSIS_REMOVAL_MICROVERSION) {
    throw NotAcceptable.before('the removal of chassis_uuid', CHASSIS_REMOVAL_MICROVERSION);
  }
}

/** A dead instance may be removed in any state. */
function isOnlyDisassociation({ operations }: NodePatch): boolean {
  const [only] = operations;
  return operations.length === 1 && only?.op === 'remove' && only.path === '/instance_uuid';
}

export function assertRearrangeable(draft: NodeDraft, resetInterfaces: boolean): void {
  const { uuid, provision_state: state, maintenance } = draft.before;
  const isRearranged =
    INTERFACE_FIELDS.some(([, field]) => draft.isChanged(field)) ||
    (resetInterfaces && draft.isChanged('driver'));
  if (isRearranged && !maintenance && !REARRANGE_ALLOWED.has(state)) {
    throw new InvalidState(
      `Node ${uuid} can not have its interfaces changed in state ${state} unless it is in maintenance. ` +
        `Allowed states: ${[...REARRANGE_ALLOWED].join(', ')}.`,
    );
  }
}

/** Also sets fields that follow from a change. */
export function assertConsistent(draft: NodeDraft): void {
  checkInstance(draft);
  checkProtected(draft);
  checkRetired(draft);
  checkResourceClass(draft);
  if (draft.isChanged('maintenance') && draft.get('maintenance') === false) {
    draft.set('maintenance_reason', null);
    draft.set('fault', null);
  }
  if (draft.isChanged('instance_info') && draft.get('instance_name') === null) {
    draft.set('instance_name', displayName(draft.get('instance_info')));
  }
}

function checkInstance(draft: NodeDraft): void {
  const { uuid, instance_uuid: instance } = draft.before;
  if (draft.isChanged('instance_uuid') && instance !== null && draft.get('instance_uuid') !== null) {
    throw new NodeAssociated(uuid, instance);
  }
}

function checkProtected(draft: NodeDraft): void {
  const { uuid, provision_state: state } = draft.before;
  if (draft.isChanged('protected') && draft.get('protected') === true && !PROTECT_ALLOWED.has(state)) {
    throw new InvalidState(`Node ${uuid} can not be protected in state ${state}, only in active or rescue.`);
  }
  checkReason(draft, 'protected', 'protected_reason');
}

function checkRetired(draft: NodeDraft): void {
  const { uuid, provision_state: state } = draft.before;
  if (draft.isChanged('retired') && draft.get('retired') === true && state === 'available') {
    throw new InvalidState(`Node ${uuid} can not be retired in state available.`);
  }
  checkReason(draft, 'retired', 'retired_reason');
}

/** Clearing the flag clears its reason; without the flag only an empty reason is allowed. */
function checkReason(
  draft: NodeDraft,
  flag: 'protected' | 'retired',
  reason: 'protected_reason' | 'retired_reason',
): void {
  if (draft.get(flag) === true) return;
  if (draft.isChanged(flag)) draft.set(reason, null);
  else if (draft.isChanged(reason) && draft.get(reason) !== null && draft.get(reason) !== '') {
    throw new BadRequest(`The field ${reason} can not be set while ${flag} is false.`);
  }
}

function checkResourceClass(draft: NodeDraft): void {
  const { uuid, provision_state: state, resource_class: current } = draft.before;
  if (draft.isChanged('resource_class') && current !== null && !REARRANGE_ALLOWED.has(state)) {
    throw new InvalidState(`Node ${uuid} can not have its resource_class changed in state ${state}.`);
  }
}
