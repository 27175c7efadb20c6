import { Controller, Get, UseGuards } from '@nestjs/common';
import { type Caller } from '../auth/caller.js';
import { Reader } from '../auth/origin.js';
import { CallerOf } from '../auth/request-identity.js';
import { type ListReader } from '../http/limits/list-queue.js';
import { PORTGROUPS_SINCE } from '../http/microversion.js';
import { LinkBase, QueryAs } from '../http/parameters.js';
import { type JsonParts } from '../http/replies/reply.js';
import { Ident, type NodeReference } from '../nodes/record/node-reference.js';
import { PartIdent, type PartReference } from './part-reference.js';
import { PortLists } from './port-lists.js';
import { Portgroups } from './portgroups.js';
import { type PortgroupsRequest, readPortgroupDetail, readPortgroupList } from './portgroups.request.js';
import { Ports } from './ports.js';
import { type PortsRequest, readPortDetail, readPortList } from './ports.request.js';
import { Since } from './since.guard.js';

const BELOW_OTHERS = PORTGROUPS_SINCE + 1;

@Controller('v1/nodes/:ident/ports')
export class NodePortsController {
  constructor(
    private readonly ports: Ports,
    private readonly lists: PortLists,
  ) {}

  @Get()
  async list(
    @CallerOf() caller: Caller,
    @Ident() reference: NodeReference,
    @QueryAs(readPortList) asked: PortsRequest,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    const { uuid } = await this.ports.ofNode(reference, caller);
    const context = { caller, base, reader, path: `/v1/nodes/${uuid}/ports` };
    return this.lists.ports({ ...asked, node: { uuid } }, context);
  }

  @Get('detail')
  async detail(
    @CallerOf() caller: Caller,
    @Ident() reference: NodeReference,
    @QueryAs(readPortDetail) asked: PortsRequest,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    const { uuid } = await this.ports.ofNode(reference, caller);
    const context = { caller, base, reader, path: `/v1/nodes/${uuid}/ports/detail` };
    return this.lists.ports({ ...asked, node: { uuid } }, context);
  }
}

@UseGuards(Since(BELOW_OTHERS))
@Controller('v1/nodes/:ident/portgroups')
export class NodePortgroupsController {
  constructor(
    private readonly portgroups: Portgroups,
    private readonly lists: PortLists,
  ) {}

  @Get()
  async list(
    @CallerOf() caller: Caller,
    @Ident() reference: NodeReference,
    @QueryAs(readPortgroupList) asked: PortgroupsRequest,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    const { uuid } = await this.portgroups.ofNode(reference, caller);
    const context = { caller, base, reader, path: `/v1/nodes/${uuid}/portgroups` };
    return this.lists.portgroups({ ...asked, node: { uuid } }, context);
  }

  @Get('detail')
  async detail(
    @CallerOf() caller: Caller,
    @Ident() reference: NodeReference,
    @QueryAs(readPortgroupDetail) asked: PortgroupsRequest,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    const { uuid } = await this.portgroups.ofNode(reference, caller);
    const context = { caller, base, reader, path: `/v1/nodes/${uuid}/portgroups/detail` };
    return this.lists.portgroups({ ...asked, node: { uuid } }, context);
  }
}

@UseGuards(Since(BELOW_OTHERS))
@Controller('v1/portgroups/:part/ports')
export class PortgroupPortsController {
  constructor(
    private readonly portgroups: Portgroups,
    private readonly lists: PortLists,
  ) {}

  @Get()
  async list(
    @CallerOf() caller: Caller,
    @PartIdent() reference: PartReference,
    @QueryAs(readPortList) asked: PortsRequest,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    const portgroup = await this.portgroups.uuidOf(reference, caller);
    const context = { caller, base, reader, path: `/v1/portgroups/${portgroup}/ports` };
    return this.lists.ports({ ...asked, filters: { ...asked.filters, portgroup } }, context);
  }

  @Get('detail')
  async detail(
    @CallerOf() caller: Caller,
    @PartIdent() reference: PartReference,
    @QueryAs(readPortDetail) asked: PortsRequest,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    const portgroup = await this.portgroups.uuidOf(reference, caller);
    const context = { caller, base, reader, path: `/v1/portgroups/${portgroup}/ports/detail` };
    return this.lists.ports({ ...asked, filters: { ...asked.filters, portgroup } }, context);
  }
}
