import { InvalidState, NodeAssociated, NodeHasChildren, NodeProtected } from '../errors.js';
import { DELETE_ALLOWED } from '../fields/provision-states.js';
import { type Node } from '../node.js';
import { type NodeRepository } from '../record/node.repository.js';

/** @throws the reason why a node cannot be deleted as it is. */
export async function assertDeletable(
  { uuid, instance_uuid: instance, maintenance, provision_state: state, ...node }: Node,
  nodes: Pick<NodeRepository, 'hasChildren'>,
): Promise<void> {
  if (instance !== null && !maintenance) throw new NodeAssociated(uuid, instance);
  if (node.protected) throw new NodeProtected(uuid);
  if (!maintenance && !DELETE_ALLOWED.has(state)) {
    throw new InvalidState(
      `Node ${uuid} can not be deleted in state ${state}; ` +
        `it has to be in maintenance or in one of: ${[...DELETE_ALLOWED].join(', ')}.`,
    );
  }
  if (await nodes.hasChildren(uuid)) throw new NodeHasChildren(uuid);
}
