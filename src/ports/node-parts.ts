import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonValue } from '@ferrule/driver-kit';
import { Logger } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Caller } from '../auth/caller.js';
import { Denial } from '../auth/policy/denial.js';
import { rulesOf } from '../auth/policy/rules/decision.js';
import { identityText, type RequestIdentity } from '../auth/request-identity.js';
import { type ListReader } from '../http/limits/list-queue.js';
import { type JsonParts } from '../http/replies/reply.js';
import { requestLine } from '../logging/request-line.js';
import { visibleNodes } from '../nodes/access/visible-nodes.js';
import { type NodeReference } from '../nodes/record/node-reference.js';
import { type ReservedNode } from '../nodes/record/node.repository.js';
import { type Reservation } from '../reservations/reservation.js';
import { givenValues } from '../resources/given-values.js';
import { readPatch } from '../resources/json-patch.js';
import { jsonPage } from '../resources/list/json-page.js';
import { nextLink, type PageRequest } from '../resources/list/page-request.js';
import { changedValues } from '../resources/patched-values.js';
import { type ResourceRow, ResourceRows } from '../resources/resource-rows.js';
import { resourceView } from '../resources/resource-view.js';
import { maskableFields, maskablePatch } from '../resources/shown-patch.js';
import { ChangedByOthers, NodeMissing } from './errors.js';
import { type NodePart, type PartDraft, type PartField } from './node-part.js';
import { type PartServices } from './part-services.js';

type Condition = RawBuilder<SqlBool>;

/** The parts of one kind: what clients may read of them and do to them. */
export abstract class NodeParts<F extends string> {
  private readonly logger: Logger;
  protected readonly rows: ResourceRows<F | PartField>;

  constructor(
    protected readonly services: PartServices,
    private readonly part: NodePart<F | PartField>,
  ) {
    const { collection: name, columns, large, notFound } = part;
    this.logger = new Logger(name);
    const joined = sql`join nodes on nodes.uuid = ${sql.ref(`${name}.node_uuid`)}`;
    this.rows = new ResourceRows(services.database, { name, columns, large, joined, notFound });
  }

  view(row: ResourceRow<F | PartField>, fields: readonly (F | PartField)[], base: string) {
    const { collection, below } = this.part;
    return resourceView<F | PartField>(row, fields, base, { collection, below });
  }

  /** @param path of the list, for the link to the next page. @throws Forbidden (403) */
  async page(
    caller: Caller,
    asked: PageRequest<F | PartField>,
    conditions: readonly Condition[],
    base: string,
    reader: ListReader,
    path: string,
  ): Promise<JsonParts> {
    const visible = this.visible(caller);
    const page = { ...asked, limit: Math.min(asked.limit, this.services.config.maxLimit) };
    return this.services.queue.make(reader, async () => {
      const found = await this.rows.page(page, visible ? [...conditions, visible] : conditions);
      const view = (row: ResourceRow<F | PartField>) => this.view(row, page.fields, base);
      return jsonPage(this.part.collection, found.rows, view, nextLink(page, found, base, path));
    });
  }

  /** @throws NotFound (404), also if the caller may not see its node. */
  async get(condition: Condition, text: string, caller: Caller): Promise<ResourceRow<F | PartField>> {
    return (await this.found(condition, text, caller)).row;
  }

  async create(
    body: JsonValue,
    microversion: number,
    identity: RequestIdentity,
  ): Promise<ResourceRow<F | PartField>> {
    const { fields, what, actions, collection, check } = this.part;
    const values = givenValues(fields, what, body, microversion);
    values.set('uuid', values.get('uuid') ?? randomUUID());
    const [uuid, nodeUuid] = [String(values.get('uuid')), String(values.get('node_uuid'))];
    const node = await this.services.nodeRepository.find({ uuid: nodeUuid });
    // Before the client learns whether the node exists.
    const decision = this.services.policy.assert(identity.caller, actions.create, node ?? null);
    if (!node) throw new NodeMissing(nodeUuid);
    await check(draftOf(uuid, undefined, node, microversion, values));
    const given = isJsonObject(body) ? maskableFields(body) : undefined;
    const resource = `${collection}/${uuid}`;
    const written = await this.services.audit.change(
      { ...identity, action: actions.create, node: node.uuid, driver: node.driver, resource },
      { arguments: given, rule: rulesOf([decision]) },
      201,
      () => this.withRefusals(values, () => this.rows.insert(values)),
    );
    this.tell(resource, 'was created', node, identity);
    return written;
  }

  async patch(
    condition: Condition,
    text: string,
    body: JsonValue,
    microversion: number,
    identity: RequestIdentity,
  ): Promise<ResourceRow<F | PartField>> {
    const { fields, actions, collection } = this.part;
    const operations = readPatch(fields, body, microversion);
    const { row, node } = await this.found(condition, text, identity.caller);
    const plan = async (before: ResourceRow<F | PartField>, holder: ReservedNode) => {
      const changes = changedValues(fields, before, operations);
      await this.assertMovable(changes, identity.caller);
      await this.part.check(draftOf(before.uuid, before, holder, microversion, changes));
      return changes;
    };
    const permit = (each: ReservedNode) => [
      this.services.policy.assert(identity.caller, actions.update, each),
    ];
    permit(node);
    if ((await plan(row, node)).size === 0) return row;
    const resource = `${collection}/${row.uuid}`;
    return this.services.maker.make(node, identity, {
      kind: { action: actions.update, status: 200 },
      resource,
      permit,
      given: maskablePatch(operations),
      work: async (locked, lock) => {
        const before = await this.inNode(row.uuid, locked, text);
        const changes = await plan(before, locked);
        if (changes.size === 0) return before;
        const written = await this.withRefusals(
          new Map([...Object.entries(before), ...changes] as [F | PartField, unknown][]),
          () => this.rows.update(before, changes, heldBy(lock)),
        );
        if (!written) throw new ChangedByOthers(resource);
        this.tell(resource, `was changed: ${[...changes.keys()].join(', ')}`, locked, identity);
        return written;
      },
    });
  }

  async delete(condition: Condition, text: string, identity: RequestIdentity): Promise<void> {
    const { actions, collection } = this.part;
    const { row, node } = await this.found(condition, text, identity.caller);
    const resource = `${collection}/${row.uuid}`;
    await this.services.maker.make(node, identity, {
      kind: { action: actions.delete, status: 204 },
      resource,
      permit: (each) => [this.services.policy.assert(identity.caller, actions.delete, each)],
      work: async (locked, lock) => {
        const values = new Map<F | PartField, unknown>([['uuid', row.uuid]]);
        const isDeleted = await this.withRefusals(values, () => this.rows.delete(row.uuid, heldBy(lock)));
        if (!isDeleted) throw this.part.notFound(text);
        this.tell(resource, 'was deleted', locked, identity);
      },
    });
  }

  /** The condition for the parts of a node that the caller may see. @throws NodeNotFound (404) */
  async ofNode(reference: NodeReference, caller: Caller): Promise<{ uuid: string; condition: Condition }> {
    const { uuid } = await this.services.nodes.get(reference, caller, 'baremetal:node:get');
    return { uuid, condition: sql`nodes.uuid = ${uuid}` };
  }

  private async found(
    condition: Condition,
    text: string,
    caller: Caller,
  ): Promise<{ row: ResourceRow<F | PartField>; node: ReservedNode }> {
    const row = await this.rows.find(condition);
    if (!row) throw this.part.notFound(text);
    const node = await this.services.nodes.byUuid(String(row.node_uuid));
    const decision = this.services.policy.decide(caller, this.part.actions.get, node);
    if (decision.isAllowed) return { row, node };
    const denial = new Denial(decision, { node: node.uuid });
    throw Object.assign(this.part.notFound(text), { denial });
  }

  private async inNode(uuid: string, node: ReservedNode, text: string): Promise<ResourceRow<F | PartField>> {
    const own = sql.ref(`${this.part.collection}.uuid`);
    const row = await this.rows.find(sql`${own} = ${uuid} and nodes.uuid = ${node.uuid}`);
    if (!row) throw this.part.notFound(text);
    return row;
  }

  /** Who moves a part to another node needs the permission there, too. */
  private async assertMovable(changes: ReadonlyMap<F | PartField, unknown>, caller: Caller): Promise<void> {
    const uuid = changes.get('node_uuid');
    if (typeof uuid !== 'string') return;
    const node = await this.services.nodeRepository.find({ uuid });
    this.services.policy.assert(caller, this.part.actions.update, node ?? null);
    if (!node) throw new NodeMissing(uuid);
  }

  /** @returns undefined if the caller may see the parts of all nodes. @throws Forbidden (403) */
  private visible(caller: Caller): Condition | undefined {
    const { actions } = this.part;
    const policy = this.services.policy.current;
    const visible = policy.relations(caller, [actions.get]);
    if (policy.may(caller, actions.list_all)) return visibleNodes(visible, caller.projectId);
    policy.assert(caller, actions.list);
    return visibleNodes(new Set([...visible].filter((relation) => relation !== 'none')), caller.projectId);
  }

  private async withRefusals<T>(
    values: ReadonlyMap<F | PartField, unknown>,
    write: () => Promise<T>,
  ): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Error) || !('constraint' in error)) throw error;
      throw this.part.refusal(String(error.constraint), (field) => String(values.get(field))) ?? error;
    }
  }

  private tell(resource: string, done: string, node: ReservedNode, identity: RequestIdentity): void {
    const text = `${resource} of node ${node.uuid} ${done} (${identityText(identity)}).`;
    this.logger.log(requestLine(text, { ...identity, node }));
  }
}

/** SQL: whether the lock of a change still holds. */
function heldBy({ node, token }: Pick<Reservation, 'node' | 'token'>): Condition {
  return sql`exists (select from reservations where node_id = ${node.id} and token = ${token} for update)`;
}

function draftOf<F extends string>(
  uuid: string,
  before: ResourceRow<F> | undefined,
  node: ReservedNode,
  microversion: number,
  values: ReadonlyMap<F, unknown>,
): PartDraft<F> {
  return {
    uuid,
    before,
    node,
    microversion,
    isChanged: (field) => values.has(field),
    get: (field) => (values.has(field) ? values.get(field) : before?.[field]),
  };
}
