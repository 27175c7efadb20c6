import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Caller } from '../auth/caller.js';
import { type ListReader } from '../http/limits/list-queue.js';
import { type JsonParts } from '../http/replies/reply.js';
import { type NodeIdent } from '../nodes/fields/node-name.js';
import { isName } from '../nodes/fields/node-name.js';
import { type NodeReference } from '../nodes/record/node-reference.js';
import { partConditions } from './part-filters.js';
import { partReference } from './part-reference.js';
import { Portgroups } from './portgroups.js';
import { type PortgroupsRequest } from './portgroups.request.js';
import { Ports } from './ports.js';
import { type PortsRequest } from './ports.request.js';

/** Who asks for a list, and from where its links start. */
export interface ListContext {
  readonly caller: Caller;
  readonly base: string;
  readonly reader: ListReader;
  /** Of the list. */
  readonly path: string;
}

/** Lists of ports and of port groups, with their filters. */
@Injectable()
export class PortLists {
  constructor(
    private readonly portsOf: Ports,
    private readonly portgroupsOf: Portgroups,
  ) {}

  async ports(asked: PortsRequest, { caller, base, reader, path }: ListContext): Promise<JsonParts> {
    const { node, filters } = asked;
    const conditions = partConditions('ports', filters);
    if (node) conditions.push((await this.portsOf.ofNode(referenceOf(node), caller)).condition);
    if (filters.portgroup !== undefined) {
      const uuid = await this.portgroupsOf.uuidOf(partReference(filters.portgroup), caller);
      conditions.push(sql`ports.portgroup_uuid = ${uuid}`);
    }
    return this.portsOf.page(caller, asked, conditions, base, reader, path);
  }

  async portgroups(
    asked: PortgroupsRequest,
    { caller, base, reader, path }: ListContext,
  ): Promise<JsonParts> {
    const conditions = partConditions('portgroups', asked.filters);
    if (asked.node) {
      conditions.push((await this.portgroupsOf.ofNode(referenceOf(asked.node), caller)).condition);
    }
    return this.portgroupsOf.page(caller, asked, conditions, base, reader, path);
  }
}

function referenceOf(ident: NodeIdent): NodeReference {
  return { text: isName(ident) ? ident.name : ident.uuid, idents: [ident] };
}
