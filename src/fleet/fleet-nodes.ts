import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Caller } from '../auth/caller.js';
import { Roster } from '../conductors/roster.js';
import { Database } from '../database/database.js';
import { BadRequest } from '../http/errors.js';
import { NodeAccess } from '../nodes/access/node-access.js';
import { visibleNodes } from '../nodes/access/visible-nodes.js';
import { isName, nodeIdent } from '../nodes/fields/node-name.js';
import { nodeConditions } from '../nodes/list/node-filters.js';
import { counted } from '../text/counted.js';
import { listed } from '../text/listed.js';
import { type AskedNodes } from './fleet-call-body.js';

export interface FleetNode {
  readonly uuid: string;
  readonly name: string | null;
  /** What decides about its calls: nodes with the same kind are checked together before a fleet call begins. */
  readonly kind: string;
}

/** Finds the nodes of a fleet call, of those that its caller may see. */
@Injectable()
export class FleetNodes {
  constructor(
    private readonly database: Database,
    private readonly roster: Roster,
    private readonly access: NodeAccess,
  ) {}

  /**
   * In the order of the list, or of their creation.
   * @throws BadRequest (400) if there are none, or one of the list is not there or there twice; Forbidden (403)
   */
  async find(asked: AskedNodes, caller: Caller, microversion: number): Promise<readonly FleetNode[]> {
    if ('list' in asked) return this.ofList(asked.list, caller, microversion);
    const found = await this.select(nodeConditions(asked.filters, this.roster.all), caller);
    if (found.length > 0) return found;
    throw new BadRequest(
      'The filter finds no node; GET /v1/nodes with the same filters shows what it finds.',
    );
  }

  private async ofList(
    list: readonly string[],
    caller: Caller,
    microversion: number,
  ): Promise<readonly FleetNode[]> {
    const idents = list.map((text) => nodeIdent(text, microversion));
    const uuids = idents.flatMap((ident) => (isName(ident) ? [] : [ident.uuid]));
    const names = idents.flatMap((ident) => (isName(ident) ? [ident.name] : []));
    const found = await this.select(
      [sql`(nodes.uuid = any (${uuids}::uuid[]) or nodes.name = any (${names}::text[]))`],
      caller,
    );
    const known = new Map(
      found.flatMap(
        (node) =>
          [
            [node.uuid, node],
            [node.name ?? '', node],
          ] as const,
      ),
    );
    const nodes = idents.map((ident) => known.get(isName(ident) ? ident.name : ident.uuid));
    const missing = list.filter((_, index) => nodes[index] === undefined);
    if (missing.length > 0) {
      throw new BadRequest(
        `Invalid nodes: ${counted(missing.length, 'node')} could not be found: ${listed(missing)}.`,
      );
    }
    const seen = new Set<FleetNode | undefined>();
    const twice = list.filter((_, index) => seen.size === seen.add(nodes[index]).size);
    if (twice.length > 0) throw new BadRequest(`Invalid nodes: named more than once: ${listed(twice)}.`);
    return nodes.filter((node) => node !== undefined);
  }

  private async select(
    conditions: ReturnType<typeof nodeConditions>,
    caller: Caller,
  ): Promise<readonly FleetNode[]> {
    const visible = visibleNodes(this.access.listed(caller, 'id'), caller.projectId);
    const all = visible ? [...conditions, visible] : conditions;
    const isProject = (column: string) => sql`${sql.ref(column)} is not distinct from ${caller.projectId}`;
    const { rows } = await sql<FleetNode>`
      select uuid, name,
             json_build_array(driver, coalesce(instance_info ->> 'vendor_interface', vendor_interface), conductor_group,
                              ${isProject('owner')}, ${isProject('lessee')})::text as kind
      from nodes where ${all.length === 0 ? sql`true` : sql.join(all, sql` and `)}
      order by nodes.id`.execute(this.database.kysely);
    return rows;
  }
}
