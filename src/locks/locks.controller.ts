import { Controller, Delete, Get, Inject, Logger } from '@nestjs/common';
import { type z } from 'zod';
import { AuditLog } from '../audit/audit-log.js';
import { type AuditDetails } from '../audit/audit-record.js';
import { type Caller } from '../auth/caller.js';
import { Reader } from '../auth/origin.js';
import { Policy } from '../auth/policy/policy.js';
import { CallerOf, Identity, type RequestIdentity } from '../auth/request-identity.js';
import { CONFIG, type Config } from '../config/config.js';
import { ListQueue, type ListReader } from '../http/limits/list-queue.js';
import { nextPage } from '../http/links.js';
import { LinkBase, Microversion, QueryOf } from '../http/parameters.js';
import { LockBreaker } from './lock-breaker.js';
import { requestLine } from '../logging/request-line.js';
import { visibleNodes } from '../nodes/access/visible-nodes.js';
import { nodeIdent } from '../nodes/fields/node-name.js';
import { Ident, type NodeReference } from '../nodes/record/node-reference.js';
import { PassthruNodes } from '../nodes/record/passthru-nodes.js';
import { Listing } from '../openapi/listing.js';
import { type Lockable } from '../reservations/reservation.js';
import { ReservationsService } from '../reservations/reservations.service.js';
import { NodeNotLocked, OtherLockHeld } from './errors.js';
import { LockRepository } from './lock.repository.js';
import { BREAK_QUERY, LOCKS_LISTING, LOCKS_QUERY } from './locks.docs.js';

const BREAK = 'ferrule:lock:break';

interface BrokenView {
  readonly holder: string;
  readonly purpose: string;
  readonly caller: string | null;
  readonly job: string | null;
  /** One more than that of the broken lock. */
  readonly fence: number;
}

@Controller('v1/locks')
export class LocksController {
  private readonly logger = new Logger(LocksController.name);

  constructor(
    private readonly locks: LockRepository,
    private readonly breaker: LockBreaker,
    private readonly reservations: ReservationsService,
    private readonly nodes: PassthruNodes,
    private readonly policy: Policy,
    private readonly audit: AuditLog,
    private readonly queue: ListQueue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Listing(LOCKS_LISTING)
  @Get()
  async list(
    @CallerOf() caller: Caller,
    @QueryOf(LOCKS_QUERY) { node, marker, limit: asked }: z.output<typeof LOCKS_QUERY>,
    @Microversion() microversion: number,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ) {
    const relations = this.policy.relations(caller, ['ferrule:lock:get', 'baremetal:node:get']);
    if (relations.size === 0) this.policy.assert(caller, 'ferrule:lock:get');
    const visible = visibleNodes(relations, caller.projectId);
    const limit = Math.min(asked ?? Infinity, this.config.maxLimit);
    if (marker !== undefined) await this.nodes.get({ text: marker, idents: [{ uuid: marker }] }, caller);
    const idents = node === undefined ? [] : [nodeIdent(node, microversion)];
    const nodeId = node === undefined ? undefined : (await this.nodes.get({ text: node, idents }, caller)).id;
    return this.queue.make(reader, async () => {
      const locks = await this.locks.list({ nodeId, marker, limit, visible });
      const last = locks.at(-1);
      if (!last || locks.length < limit) return { locks };
      const kept = node === undefined ? [] : [['node', node] as const];
      return { locks, next: nextPage(base, '/v1/locks', kept, limit, last.node) };
    });
  }

  /** Frees the lock of a node; a job that holds it ends. A body is ignored, as for nodes. */
  @Delete(':ident')
  async break(
    @Identity() identity: RequestIdentity,
    @Ident() reference: NodeReference,
    @QueryOf(BREAK_QUERY) { fence }: z.output<typeof BREAK_QUERY>,
  ) {
    const { caller, requestId } = identity;
    const node = await this.nodes.get(reference, caller);
    const { rule } = this.policy.assert(caller, BREAK, node);
    const subject = { ...identity, action: BREAK, node: node.uuid, driver: node.driver };
    return this.audit.change(subject, { rule }, recordOf, async () => {
      const broken = await this.breaker.break(node, caller.name, fence);
      if (!broken) throw await this.notBroken(node, fence);
      const { holder, purpose, caller: heldFor, jobId, jobState } = broken;
      const line = `The lock on node ${node.uuid}, held by ${holder} for ${purpose}, was broken.`;
      this.logger.warn(requestLine(line, { requestId, caller, node }));
      return {
        node: node.uuid,
        holder,
        purpose,
        caller: heldFor,
        job: jobId,
        job_state: jobState,
        fence: Number(broken.fence),
      };
    });
  }

  private async notBroken(node: Lockable, fence: string | undefined): Promise<Error> {
    const held = fence === undefined ? undefined : await this.reservations.holderOf(node);
    if (!held || held.fence === fence || fence === undefined) return new NodeNotLocked(node.uuid);
    return new OtherLockHeld(node.uuid, fence, held.fence);
  }
}

/** In the audit: which lock was broken. */
function recordOf({ holder, purpose, caller, job, fence }: BrokenView): AuditDetails {
  return { status: 200, lock: { holder, purpose, caller, job, fence: fence - 1 } };
}
