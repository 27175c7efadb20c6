import { isJsonObject, type JsonValue } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { type AuditSubject } from '../audit/audit-record.js';
import { type Caller } from '../auth/caller.js';
import { type Action } from '../auth/policy/actions.js';
import { identityText, type RequestIdentity } from '../auth/request-identity.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { BadRequest } from '../http/errors.js';
import { maskValue } from '../secrets/masking.js';
import { SecretsAtRest } from '../secrets/at-rest/secrets-at-rest.js';
import { type Lockable, type Reservation } from '../reservations/reservation.js';
import { ReservationsService } from '../reservations/reservations.service.js';
import { requestLine } from '../logging/request-line.js';
import { InvalidState, NodeAssociated, NodeHasChildren, NodeNotFound, NodeProtected } from './errors.js';
import { type NodePatch } from './patch/json-patch.js';
import { NodeDraft } from './patch/node-draft.js';
import { type NodeColumn } from './fields/node-fields.js';
import { NodeAccess } from './node-access.js';
import { nodeIdent } from './fields/node-name.js';
import { maskableFields, maskablePatch } from './patch/shown-patch.js';
import { patchedNode } from './patch/node-patch.js';
import { type NodeReference } from './node-reference.js';
import { newNode } from './new-node.js';
import { NodeRepository, type ReservedNode } from './node.repository.js';
import { DELETE_ALLOWED } from './fields/provision-states.js';

/** In characters; longer maintenance reasons are cut. */
const MAXIMUM_REASON = 4096;

/** Changes and deletion hold the node's lock. */
@Injectable()
export class NodesService {
  private readonly logger = new Logger(NodesService.name);

  constructor(
    private readonly repository: NodeRepository,
    private readonly drivers: DriverRegistry,
    private readonly reservations: ReservationsService,
    private readonly secrets: SecretsAtRest,
    private readonly audit: AuditLog,
    private readonly access: NodeAccess,
  ) {}

  /** Secrets are as they are stored. @throws NodeNotFound (404), also if the caller may not see it; Forbidden (403) if it may not do the action. */
  async get(reference: NodeReference, caller: Caller, action: Action): Promise<ReservedNode> {
    const node = await this.visible(reference, caller);
    this.access.assert(caller, action, node, reference.text);
    return node;
  }

  private async visible(reference: NodeReference, caller: Caller): Promise<ReservedNode> {
    const node = await this.find(reference);
    this.access.assertVisible(caller, node, reference.text);
    return node;
  }

  private async find({ text, idents }: NodeReference): Promise<ReservedNode> {
    for (const ident of idents) {
      const node = await this.repository.find(ident);
      if (node) return node;
    }
    throw new NodeNotFound(text);
  }

  async create(body: JsonValue, microversion: number, identity: RequestIdentity): Promise<ReservedNode> {
    const { caller } = identity;
    const values = newNode(this.access.bodyToCreate(caller, body), microversion, this.drivers);
    await this.resolveParent(values, caller);
    const uuid = String(values.get('uuid'));
    const given = isJsonObject(body) ? maskableFields(body) : undefined;
    const subject = {
      ...identity,
      action: 'baremetal:node:create',
      node: uuid,
      driver: String(values.get('driver')),
    };
    await this.audit.change(subject, { arguments: given }, () => this.repository.insert(values));
    tell(this.logger, `Node ${uuid} of driver ${String(values.get('driver'))} was created`, identity);
    return this.find(byUuid(uuid));
  }

  async patch(reference: NodeReference, patch: NodePatch, identity: RequestIdentity): Promise<ReservedNode> {
    const { caller } = identity;
    const node = await this.visible(reference, caller);
    this.access.assertPatch(caller, node, patch.operations);
    if (patch.operations.length === 0 && !patch.resetInterfaces) return node;
    // Refuses a bad patch before waiting for the lock.
    await this.plan(node, patch, caller);
    const details = { arguments: maskablePatch(patch.operations) };
    await this.audit.change(subjectOf('update', node, identity), details, () =>
      this.write(node, identity, async (locked) => {
        this.access.assertPatch(caller, locked, patch.operations);
        return (await this.plan(locked, patch, caller)).changes();
      }),
    );
    return this.find(byUuid(node.uuid));
  }

  async setMaintenance(
    reference: NodeReference,
    reason: string | null,
    identity: RequestIdentity,
  ): Promise<void> {
    const node = await this.get(reference, identity.caller, 'baremetal:node:set_maintenance');
    const kept = reason === null ? null : [...reason].slice(0, MAXIMUM_REASON).join('');
    const details = { arguments: { value: { reason: kept }, masked: () => maskValue({ reason: kept }) } };
    await this.audit.change(subjectOf('set_maintenance', node, identity), details, () =>
      this.write(
        node,
        identity,
        () =>
          new Map<NodeColumn, unknown>([
            ['maintenance', true],
            ['maintenance_reason', kept],
          ]),
      ),
    );
  }

  async unsetMaintenance(reference: NodeReference, identity: RequestIdentity): Promise<void> {
    const node = await this.get(reference, identity.caller, 'baremetal:node:clear_maintenance');
    await this.audit.change(subjectOf('clear_maintenance', node, identity), {}, () =>
      this.write(node, identity, (locked) => {
        const draft = new NodeDraft(locked);
        draft.set('maintenance', false);
        draft.set('maintenance_reason', null);
        draft.set('fault', null);
        return draft.changes();
      }),
    );
  }

  async delete(reference: NodeReference, identity: RequestIdentity): Promise<void> {
    const { caller } = identity;
    const node = await this.visible(reference, caller);
    this.access.assertDelete(caller, node);
    const { id, uuid } = node;
    await this.audit.change(subjectOf('delete', node, identity), {}, () =>
      this.hold({ id, uuid }, identity, async (lock) => {
        const locked = await this.find(byUuid(uuid));
        this.access.assertDelete(caller, locked);
        await this.assertDeletable(locked);
        await this.repository.delete(lock);
        tell(this.logger, `Node ${uuid} was deleted`, identity);
      }),
    );
  }

  private async assertDeletable(node: ReservedNode): Promise<void> {
    const { uuid, instance_uuid: instance, maintenance, provision_state: state } = node;
    if (instance !== null && !maintenance) throw new NodeAssociated(uuid, instance);
    if (node.protected) throw new NodeProtected(uuid);
    if (!maintenance && !DELETE_ALLOWED.has(state)) {
      throw new InvalidState(
        `Node ${uuid} can not be deleted in state ${state}; ` +
          `it has to be in maintenance or in one of: ${[...DELETE_ALLOWED].join(', ')}.`,
      );
    }
    if (await this.repository.hasChildren(uuid)) throw new NodeHasChildren(uuid);
  }

  private async write(
    { id, uuid }: ReservedNode,
    identity: RequestIdentity,
    changes: (
      locked: ReservedNode,
    ) => ReadonlyMap<NodeColumn, unknown> | Promise<ReadonlyMap<NodeColumn, unknown>>,
  ): Promise<void> {
    await this.hold({ id, uuid }, identity, async (lock) => {
      const changed = await changes(await this.find(byUuid(uuid)));
      if (changed.size === 0) return;
      await this.repository.update(lock, changed);
      // Field names only: values may be secrets.
      tell(this.logger, `Node ${uuid} was changed: ${[...changed.keys()].join(', ')}`, identity);
    });
  }

  private hold(
    node: Lockable,
    { requestId, caller }: RequestIdentity,
    work: (lock: Reservation) => Promise<void>,
  ): Promise<void> {
    return this.reservations.hold(node, { purpose: `request:${requestId}`, caller: caller.name }, work);
  }

  private async plan(node: ReservedNode, patch: NodePatch, caller: Caller): Promise<NodeDraft> {
    const draft = patchedNode(this.secrets.openedNode(node), patch, this.drivers);
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

  private async resolveParent(values: Map<NodeColumn, unknown>, caller: Caller): Promise<void> {
    const text = values.get('parent_node');
    if (typeof text !== 'string') return;
    const parent = await this.repository.find(nodeIdent(text, Infinity));
    if (!parent || !this.access.maySee(caller, parent))
      throw new BadRequest(`Invalid parent_node: node ${text} could not be found.`);
    values.set('parent_node', parent.uuid);
  }
}

function subjectOf(
  what: string,
  { uuid, driver }: Pick<ReservedNode, 'uuid' | 'driver'>,
  identity: RequestIdentity,
): AuditSubject {
  return { ...identity, action: `baremetal:node:${what}`, node: uuid, driver };
}

function byUuid(uuid: string): NodeReference {
  return { text: uuid, idents: [{ uuid }] };
}

function tell(logger: Logger, text: string, identity: RequestIdentity): void {
  const { requestId, caller } = identity;
  logger.log(requestLine(`${text} (${identityText(identity)}).`, { requestId, caller: caller.name }));
}
