import { Injectable } from '@nestjs/common';
import { type Caller } from '../../auth/caller.js';
import { type Action } from '../../auth/policy/defaults/actions.js';
import { NodeNotFound } from '../errors.js';
import { NodeAccess } from '../access/node-access.js';
import { type NodeReference } from './node-reference.js';
import { NodeRepository, type ReservedNode } from './node.repository.js';

/** Nodes as they are stored: their secrets may be encrypted. */
@Injectable()
export class NodesService {
  constructor(
    private readonly repository: NodeRepository,
    private readonly access: NodeAccess,
  ) {}

  /** @throws NodeNotFound (404), also if the caller may not see it; Forbidden (403) if it may not do the action. */
  async get(reference: NodeReference, caller: Caller, action: Action): Promise<ReservedNode> {
    const node = await this.find(reference);
    this.access.assert(caller, action, node, reference.text);
    return node;
  }

  /** Whoever asks. @throws NodeNotFound (404) */
  async byUuid(uuid: string): Promise<ReservedNode> {
    return this.find({ text: uuid, idents: [{ uuid }] });
  }

  private async find({ text, idents }: NodeReference): Promise<ReservedNode> {
    for (const ident of idents) {
      const node = await this.repository.find(ident);
      if (node) return node;
    }
    throw new NodeNotFound(text);
  }
}
