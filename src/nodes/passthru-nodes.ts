import { type JsonObject } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import { type ExclusiveAccess } from '../drivers/execution/method-call.js';
import { reasonOf } from '../logging/reason-of.js';
import { NodeLockLost } from '../reservations/errors.js';
import { NodeNotFound } from './errors.js';
import { type NodeReference } from './node-reference.js';
import { NodeRepository } from './node.repository.js';
import { type PassthruNode } from './passthru-node.js';

const SAVE_INTERNAL_INFO = {
  name: 'node-save-internal-info',
  text: `
    update nodes
    set driver_internal_info = ((driver_internal_info::jsonb || $3::jsonb) - $4::text[])::json, updated_at = now()
    where id = $1
      and exists (select from reservations where node_id = $1 and token = $2 for update)
    returning id`,
};

export interface NodeLock {
  readonly token: string;
  readonly fence: string;
}

/** Nodes as drivers see them, with secrets in clear text. */
@Injectable()
export class PassthruNodes {
  private readonly logger = new Logger(PassthruNodes.name);

  constructor(
    private readonly nodes: NodeRepository,
    private readonly database: Database,
  ) {}

  async get({ text, idents }: NodeReference): Promise<PassthruNode> {
    for (const ident of idents) {
      const node = await this.nodes.findForPassthru(ident);
      if (node) return node;
    }
    throw new NodeNotFound(text);
  }

  async getByUuid(uuid: string): Promise<PassthruNode> {
    return this.get({ text: uuid, idents: [{ uuid }] });
  }

  /** Never rejects: the method has run, so its result counts, and the next success clears the error. */
  async clearError(node: PassthruNode): Promise<void> {
    if (!node.lastErrorByPassthru) return;
    await this.nodes.clearPassthruError(node.id).catch((error: unknown) => {
      this.logger.warn(`The last error of node ${node.uuid} could not be cleared: ${reasonOf(error)}`);
    });
  }

  accessFor(node: PassthruNode | null, lock: NodeLock | null | undefined): ExclusiveAccess | undefined {
    if (!node || !lock) return undefined;
    const { token, fence } = lock;
    return { fence, saveInternalInfo: (changes) => this.saveInternalInfo(node, token, changes) };
  }

  /** Removes `undefined` members. @throws NodeLockLost when the token no longer holds the lock; nothing is written then. */
  private async saveInternalInfo(node: PassthruNode, token: string, changes: JsonObject): Promise<void> {
    const removed = Object.keys(changes).filter((key) => changes[key] === undefined);
    const values = [node.id, token, JSON.stringify(changes), removed];
    const saved = await this.database.query(SAVE_INTERNAL_INFO, values);
    if (saved.length === 0) throw new NodeLockLost(node.uuid);
  }
}
