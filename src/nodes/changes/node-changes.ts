import { isJsonObject, type JsonValue } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import { rulesOf } from '../../auth/policy/rules/decision.js';
import { identityText, type RequestIdentity } from '../../auth/request-identity.js';
import { Roster } from '../../conductors/roster/roster.js';
import { requestLine } from '../../logging/request-line.js';
import { type Reservation } from '../../reservations/reservation.js';
import { maskValue } from '../../secrets/masking.js';
import { type NodeColumn } from '../fields/node-fields.js';
import { NodeAccess } from '../access/node-access.js';
import { type NodeReference } from '../record/node-reference.js';
import { NodeRepository, type ReservedNode } from '../record/node.repository.js';
import { NodesService } from '../record/nodes.service.js';
import { type NodePatch } from '../patch/wanted-patch.js';
import { NodeDraft } from '../patch/node-draft.js';
import { maskableFields, maskablePatch } from '../../resources/shown-patch.js';
import { CLEAR_MAINTENANCE, CREATION, DELETION, SET_MAINTENANCE, UPDATE } from './change-kinds.js';
import { assertDeletable } from './deletion-rules.js';
import { newNode } from './new-node.js';
import { ChangeMaker } from './change-maker.js';
import { NodePlans } from './node-plans.js';

/** In characters; longer maintenance reasons are cut. */
const MAXIMUM_REASON = 4096;

/** What a client may do to nodes. */
@Injectable()
export class NodeChanges {
  private readonly logger = new Logger(NodeChanges.name);

  constructor(
    private readonly nodes: NodesService,
    private readonly repository: NodeRepository,
    private readonly roster: Roster,
    private readonly access: NodeAccess,
    private readonly maker: ChangeMaker,
    private readonly plans: NodePlans,
    private readonly audit: AuditLog,
  ) {}

  async create(body: JsonValue, microversion: number, identity: RequestIdentity): Promise<ReservedNode> {
    const { caller } = identity;
    const { body: permitted, decisions } = this.access.permitCreation(caller, body);
    const values = newNode(permitted, microversion, this.roster);
    await this.plans.resolveParent(values, caller);
    const [uuid, driver] = [String(values.get('uuid')), String(values.get('driver'))];
    const { action, status } = CREATION;
    const given = isJsonObject(body) ? maskableFields(body) : undefined;
    const node = await this.audit.change(
      { ...identity, action, node: uuid, driver },
      { arguments: given, rule: rulesOf(decisions) },
      status,
      () => this.repository.insert(values),
    );
    this.tell(uuid, `Node ${uuid} of driver ${driver} was created`, identity);
    return node;
  }

  async patch(reference: NodeReference, patch: NodePatch, identity: RequestIdentity): Promise<ReservedNode> {
    const { caller } = identity;
    const node = await this.visible(reference, identity);
    const permit = (each: ReservedNode) => this.access.permitPatch(caller, each, patch.operations);
    permit(node);
    if (patch.operations.length === 0 && !patch.resetInterfaces) return node;
    // Refuses a bad patch before waiting for the lock.
    await this.plans.plan(node, patch, caller);
    return this.maker.make(node, identity, {
      kind: UPDATE,
      permit,
      given: maskablePatch(patch.operations),
      work: async (locked, lock) => {
        const changes = (await this.plans.plan(locked, patch, caller)).changes();
        if (changes.size === 0) return { ...locked, reservation: null };
        return this.write(lock, changes, identity);
      },
    });
  }

  async setMaintenance(
    reference: NodeReference,
    reason: string | null,
    identity: RequestIdentity,
  ): Promise<void> {
    const kept = reason === null ? null : [...reason].slice(0, MAXIMUM_REASON).join('');
    const values = new Map<NodeColumn, unknown>([
      ['maintenance', true],
      ['maintenance_reason', kept],
    ]);
    await this.maker.make(await this.visible(reference, identity), identity, {
      kind: SET_MAINTENANCE,
      permit: (node) => [this.access.permit(identity.caller, SET_MAINTENANCE.action, node)],
      given: { value: { reason: kept }, masked: () => maskValue({ reason: kept }) },
      work: async (_locked, lock) => {
        await this.write(lock, values, identity);
      },
    });
  }

  async unsetMaintenance(reference: NodeReference, identity: RequestIdentity): Promise<void> {
    await this.maker.make(await this.visible(reference, identity), identity, {
      kind: CLEAR_MAINTENANCE,
      permit: (node) => [this.access.permit(identity.caller, CLEAR_MAINTENANCE.action, node)],
      work: async (locked, lock) => {
        const draft = new NodeDraft(locked);
        draft.set('maintenance', false);
        draft.set('maintenance_reason', null);
        draft.set('fault', null);
        const changes = draft.changes();
        if (changes.size > 0) await this.write(lock, changes, identity);
      },
    });
  }

  async delete(reference: NodeReference, identity: RequestIdentity): Promise<void> {
    await this.maker.make(await this.visible(reference, identity), identity, {
      kind: DELETION,
      permit: (node) => [this.access.permitDeletion(identity.caller, node)],
      work: async (locked, lock) => {
        await assertDeletable(locked, this.repository);
        await this.repository.delete(lock);
        this.tell(locked.uuid, `Node ${locked.uuid} was deleted`, identity);
      },
    });
  }

  private visible(reference: NodeReference, { caller }: RequestIdentity): Promise<ReservedNode> {
    return this.nodes.get(reference, caller, 'baremetal:node:get');
  }

  private async write(
    lock: Reservation,
    values: ReadonlyMap<NodeColumn, unknown>,
    identity: RequestIdentity,
  ): Promise<ReservedNode> {
    const written = await this.repository.update(lock, values);
    // Field names only: values may be secrets.
    this.tell(
      lock.node.uuid,
      `Node ${lock.node.uuid} was changed: ${[...values.keys()].join(', ')}`,
      identity,
    );
    return written;
  }

  /** @param uuid that of the node. */
  private tell(uuid: string, text: string, identity: RequestIdentity): void {
    this.logger.log(requestLine(`${text} (${identityText(identity)}).`, { ...identity, node: { uuid } }));
  }
}
