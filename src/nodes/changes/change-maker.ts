import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import { type Decision, rulesOf } from '../../auth/policy/rules/decision.js';
import { type RequestIdentity } from '../../auth/request-identity.js';
import { type Reservation } from '../../reservations/reservation.js';
import { ReservationsService } from '../../reservations/reservations.service.js';
import { type Maskable } from '../../secrets/maskable.js';
import { NodeAccess } from '../access/node-access.js';
import { type ReservedNode } from '../record/node.repository.js';
import { NodesService } from '../record/nodes.service.js';
import { type ChangeKind } from './change-kinds.js';

export interface WantedChange<T> {
  readonly kind: ChangeKind;
  /** That is changed instead of the node: `ports/` and its UUID. */
  readonly resource?: string;
  /** What the policy decided. @throws Forbidden (403) */
  readonly permit: (node: ReservedNode) => readonly Decision[];
  /** What the client sent, for the audit. */
  readonly given?: Maskable;
  readonly work: (locked: ReservedNode, lock: Reservation) => Promise<T>;
}

/** Makes changes of nodes: permission, record, lock, permission for the node as it is then, work. */
@Injectable()
export class ChangeMaker {
  constructor(
    private readonly nodes: NodesService,
    private readonly reservations: ReservationsService,
    private readonly access: NodeAccess,
    private readonly audit: AuditLog,
  ) {}

  /**
   * @param node that the caller may see.
   * @returns what `work` returned: nothing may fail after it, since the change was made.
   */
  async make<T>(
    node: ReservedNode,
    identity: RequestIdentity,
    { kind: { action, status }, resource, permit, given, work }: WantedChange<T>,
  ): Promise<T> {
    const { id, uuid, driver } = node;
    const { requestId, caller } = identity;
    const subject = {
      ...identity,
      action,
      node: uuid,
      driver,
      ...(resource === undefined ? {} : { resource }),
    };
    const details = { arguments: given, rule: rulesOf(permit(node)) };
    const holder = { purpose: `request:${requestId}`, caller: caller.name };
    return this.audit.change(subject, details, status, () =>
      this.reservations.hold({ id, uuid }, holder, async (lock) => {
        const locked = await this.nodes.byUuid(uuid);
        this.access.assertVisible(caller, locked, uuid);
        permit(locked);
        return work(locked, lock);
      }),
    );
  }
}
