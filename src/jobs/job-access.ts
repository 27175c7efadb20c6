import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Caller } from '../auth/caller.js';
import { Policy } from '../auth/policy/policy.js';
import { visibleNodes } from '../nodes/list/visible-nodes.js';

/** Which jobs a caller may see: those of the nodes that it may see. Jobs without a node are for those who may see any node. */
@Injectable()
export class JobAccess {
  constructor(private readonly policy: Policy) {}

  /**
   * @returns SQL: whether the caller may see the job of a row of `jobs`; undefined if it may see all.
   * @throws Forbidden (403) if it may see none.
   */
  visible(caller: Caller): RawBuilder<SqlBool> | undefined {
    const relations = this.policy.relations(caller, ['ferrule:job:get', 'baremetal:node:get']);
    if (relations.size === 0) this.policy.assert(caller, 'ferrule:job:get');
    const nodes = visibleNodes(relations, caller.projectId);
    if (!nodes) return undefined;
    const ofNode = sql<SqlBool>`exists (select from nodes where nodes.id = jobs.node_id and ${nodes})`;
    return relations.has('none') ? sql`(jobs.node_id is null or ${ofNode})` : ofNode;
  }
}
