import { type JsonObject } from '@ferrule/driver-kit';
import { Injectable, Logger } from '@nestjs/common';
import { type Caller } from '../../auth/caller.js';
import { Database } from '../../database/database.js';
import { DatabaseUnavailable } from '../../database/faults/errors.js';
import { type ExclusiveAccess } from '../../drivers/execution/method-call.js';
import { reasonOf } from '../../logging/reason-of.js';
import { type LineContext, requestLine } from '../../logging/request-line.js';
import { SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';
import { MAXIMUM_VALUES } from '../../json/json-size.js';
import { NodeNotFound } from '../errors.js';
import { MAXIMUM_FIELD_BYTES } from '../../resources/field-limits.js';
import { NodeAccess } from '../access/node-access.js';
import { type NodeReference } from './node-reference.js';
import { NodeRepository } from './node.repository.js';
import { type PassthruNode } from './passthru-node.js';

/** Members and items at all levels; the value itself counts, too. */
const VALUES = (info: string) => `(select count(*) from jsonb_path_query(${info}, 'strict $.**'))`;
/** A text that is shorter than two characters for each value cannot have too many, so they need not be counted. */
const SAVE_INTERNAL_INFO = {
  name: 'node-save-internal-info',
  text: `
    with held as materialized (
      select id, driver_internal_info::jsonb as before, (driver_internal_info::jsonb || $3::jsonb) - $4::text[] as after
      from nodes
      where id = $1
        and exists (select from reservations where node_id = $1 and token = $2 for update)
      for no key update),
    sized as materialized (
      select *, octet_length(after::text) as size, octet_length(before::text) as size_before from held),
    checked as materialized (
      select *, case
        when size > $5::int and size > size_before then false
        when size < 2 * $6::int then true
        when ${VALUES('after')} <= $6::int + 1 then true
        else ${VALUES('after')} <= ${VALUES('before')}
      end as fits
      from sized),
    saved as (
      update nodes set driver_internal_info = checked.after::json, updated_at = now()
      from checked where nodes.id = checked.id and checked.fits)
    select fits from checked`,
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
    private readonly secrets: SecretsAtRest,
    private readonly access: NodeAccess,
  ) {}

  /** @throws NodeNotFound (404), also if the caller may not see it. */
  async get(reference: NodeReference, caller: Caller): Promise<PassthruNode> {
    const node = await this.find(reference);
    this.access.assertVisible(caller, node, reference.text);
    return node;
  }

  private async find({ text, idents }: NodeReference): Promise<PassthruNode> {
    for (const ident of idents) {
      const node = await this.nodes.findForPassthru(ident);
      if (node) return node;
    }
    throw new NodeNotFound(text);
  }

  async getByUuid(uuid: string): Promise<PassthruNode> {
    return this.find({ text: uuid, idents: [{ uuid }] });
  }

  /** Never rejects: the method has run, so its result counts, and the next success clears the error. */
  async clearError(node: PassthruNode, lock: NodeLock | undefined, context: LineContext): Promise<void> {
    if (!node.lastErrorByPassthru) return;
    await this.nodes.clearPassthruError(node.id, lock?.token ?? null).catch((error: unknown) => {
      const line = `The last error of node ${node.uuid} could not be cleared: ${reasonOf(error)}`;
      this.logger.warn(requestLine(line, { ...context, node }));
    });
  }

  accessFor(node: PassthruNode | null, lock: NodeLock | null | undefined): ExclusiveAccess | undefined {
    if (!node || !lock) return undefined;
    const { token, fence } = lock;
    return { fence, saveInternalInfo: (changes) => this.saveInternalInfo(node, token, changes) };
  }

  /**
   * Removes `undefined` members. Writes nothing if it throws, unless that is OutcomeUnknown.
   * @throws Error when the token no longer holds the lock, or the database is not available: without a status, since a call
   * whose method does not catch it would be made again by clients that repeat 409 and 503.
   * @throws TypeError when all that is stored would exceed a limit, and is not less than before.
   */
  private async saveInternalInfo(node: PassthruNode, token: string, changes: JsonObject): Promise<void> {
    const removed = Object.keys(changes).filter((key) => changes[key] === undefined);
    const stored = JSON.stringify(this.secrets.sealedField(node.uuid, 'driver_internal_info', changes));
    const values = [node.id, token, stored, removed, MAXIMUM_FIELD_BYTES, MAXIMUM_VALUES];
    const [saved] = await this.database
      .query<{ readonly fits: boolean }>(SAVE_INTERNAL_INFO, values)
      .catch((error: unknown) => {
        if (!(error instanceof DatabaseUnavailable)) throw error;
        throw new Error('The database is not available; saveInternalInfo stored nothing.', { cause: error });
      });
    if (!saved) throw new Error(`The lock on node ${node.uuid} was lost; saveInternalInfo stored nothing.`);
    if (!saved.fits) {
      throw new TypeError(
        `saveInternalInfo stores at most 1 MiB and ${MAXIMUM_VALUES} members and items in all; nothing was stored.`,
      );
    }
  }
}
