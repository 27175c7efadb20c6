import { Injectable } from '@nestjs/common';
import { type Caller } from '../../auth/caller.js';
import { Roster } from '../../conductors/roster/roster.js';
import { BadRequest } from '../../http/errors.js';
import { SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';
import { type NodeColumn } from '../fields/node-fields.js';
import { nodeIdent } from '../fields/node-name.js';
import { NodeAccess } from '../access/node-access.js';
import { NodeRepository, type ReservedNode } from '../record/node.repository.js';
import { type NodePatch } from '../patch/wanted-patch.js';
import { type NodeDraft } from '../patch/node-draft.js';
import { patchedNode } from '../patch/node-patch.js';

/** What a node would be, which may need other nodes. */
@Injectable()
export class NodePlans {
  constructor(
    private readonly repository: NodeRepository,
    private readonly roster: Roster,
    private readonly secrets: SecretsAtRest,
    private readonly access: NodeAccess,
  ) {}

  async plan(node: ReservedNode, patch: NodePatch, caller: Caller): Promise<NodeDraft> {
    const draft = patchedNode(this.secrets.openedNode(node), patch, this.roster);
    if (draft.isChanged('parent_node')) {
      const values = new Map<NodeColumn, unknown>([['parent_node', draft.get('parent_node')]]);
      await this.resolveParent(values, caller);
      if (values.get('parent_node') === node.uuid) {
        throw new BadRequest(`Invalid parent_node: node ${node.uuid} cannot be its own parent.`);
      }
      draft.set('parent_node', values.get('parent_node'));
    }
    return draft;
  }

  async resolveParent(values: Map<NodeColumn, unknown>, caller: Caller): Promise<void> {
    const text = values.get('parent_node');
    if (typeof text !== 'string') return;
    const parent = await this.repository.find(nodeIdent(text, Infinity));
    if (!parent || !this.access.maySee(caller, parent))
      throw new BadRequest(`Invalid parent_node: node ${text} could not be found.`);
    values.set('parent_node', parent.uuid);
  }
}
