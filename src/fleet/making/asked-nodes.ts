import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Caller } from '../../auth/caller.js';
import { Roster } from '../../conductors/roster/roster.js';
import { Database } from '../../database/database.js';
import { BadRequest } from '../../http/errors.js';
import { NodeAccess } from '../../nodes/access/node-access.js';
import { visibleNodes } from '../../nodes/access/visible-nodes.js';
import { isName, nodeIdent } from '../../nodes/fields/node-name.js';
import { nodeConditions } from '../../nodes/list/node-filters.js';
import { type SelectedNode, selectNodes } from '../../nodes/list/node-selection.js';
import { counted } from '../../text/counted.js';
import { listed } from '../../text/listed.js';
import { type Asked, MOST_NODES } from './fleet-call-body.js';

/** Finds the nodes of a fleet call, of those that its caller may see. */
@Injectable()
export class AskedNodes {
  constructor(
    private readonly database: Database,
    private readonly roster: Roster,
    private readonly access: NodeAccess,
  ) {}

  /**
   * In the order of the list, or of their creation.
   * @throws BadRequest (400) if there are none or too many, or one of the list is not there or there twice; Forbidden (403)
   */
  async find(asked: Asked, caller: Caller, microversion: number): Promise<readonly SelectedNode[]> {
    if ('list' in asked) return this.ofList(asked.list, caller, microversion);
    const found = await this.select(nodeConditions(asked.filters, this.roster.all), caller);
    if (found.length === 0) {
      throw new BadRequest(
        'The filter finds no node; GET /v1/nodes with the same filters shows what it finds.',
      );
    }
    if (found.length > MOST_NODES) {
      throw new BadRequest(`The filter finds more than ${MOST_NODES} nodes, the most of one fleet call.`);
    }
    return found;
  }

  private async ofList(
    list: readonly string[],
    caller: Caller,
    microversion: number,
  ): Promise<readonly SelectedNode[]> {
    const idents = list.map((text) => nodeIdent(text, microversion));
    const uuids = idents.flatMap((ident) => (isName(ident) ? [] : [ident.uuid]));
    const names = idents.flatMap((ident) => (isName(ident) ? [ident.name] : []));
    const found = await this.select(
      [sql`(nodes.uuid = any (${uuids}::uuid[]) or nodes.name = any (${names}::text[]))`],
      caller,
    );
    const byUuid = new Map(found.map((node) => [node.uuid, node]));
    const byName = new Map(found.map((node) => [node.name, node]));
    const nodes = idents.map((ident) => (isName(ident) ? byName.get(ident.name) : byUuid.get(ident.uuid)));
    const missing = list.filter((_, index) => nodes[index] === undefined);
    if (missing.length > 0) {
      throw new BadRequest(
        `Invalid nodes: ${counted(missing.length, 'node')} could not be found: ${listed(missing)}.`,
      );
    }
    const seen = new Set<SelectedNode | undefined>();
    const twice = list.filter((_, index) => seen.size === seen.add(nodes[index]).size);
    if (twice.length > 0) throw new BadRequest(`Invalid nodes: named more than once: ${listed(twice)}.`);
    return nodes.filter((node) => node !== undefined);
  }

  private select(
    conditions: readonly RawBuilder<SqlBool>[],
    caller: Caller,
  ): Promise<readonly SelectedNode[]> {
    const visible = visibleNodes(this.access.listed(caller, 'id'), caller.projectId);
    const all = visible ? [...conditions, visible] : conditions;
    return selectNodes(this.database, all, MOST_NODES + 1);
  }
}
