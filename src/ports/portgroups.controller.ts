import { type JsonValue } from '@ferrule/driver-kit';
import { Controller, Delete, Get, HttpCode, Patch, Post, Res, UseGuards } from '@nestjs/common';
import { type Response } from 'express';
import { type Caller } from '../auth/caller.js';
import { Reader } from '../auth/origin.js';
import { CallerOf, Identity, type RequestIdentity } from '../auth/request-identity.js';
import { BadRequest } from '../http/errors.js';
import { type ListReader } from '../http/limits/list-queue.js';
import { PORTGROUPS_SINCE } from '../http/microversion.js';
import { JsonBody, LinkBase, Microversion, NoQuery, QueryAs } from '../http/parameters.js';
import { type JsonParts } from '../http/replies/reply.js';
import { Listing } from '../openapi/listing.js';
import { PartIdent, partCondition, type PartReference } from './part-reference.js';
import { type PortgroupField } from './port-fields.js';
import { PortLists } from './port-lists.js';
import { Portgroups } from './portgroups.js';
import {
  allPortgroupFields,
  type PortgroupsRequest,
  readPortgroupDetail,
  readPortgroupList,
  readShownPortgroup,
} from './portgroups.request.js';
import { PORTGROUPS_LISTING } from './ports.docs.js';
import { Since } from './since.guard.js';

type View = Record<string, unknown>;

@UseGuards(Since(PORTGROUPS_SINCE))
@Controller('v1/portgroups')
export class PortgroupsController {
  constructor(
    private readonly portgroups: Portgroups,
    private readonly lists: PortLists,
  ) {}

  @Listing(PORTGROUPS_LISTING)
  @Get()
  list(
    @CallerOf() caller: Caller,
    @QueryAs(readPortgroupList) asked: PortgroupsRequest,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.lists.portgroups(asked, { caller, base, reader, path: '/v1/portgroups' });
  }

  @Get('detail')
  detail(
    @CallerOf() caller: Caller,
    @QueryAs(readPortgroupDetail) asked: PortgroupsRequest,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.lists.portgroups(asked, { caller, base, reader, path: '/v1/portgroups/detail' });
  }

  @Get(':part')
  async show(
    @CallerOf() caller: Caller,
    @PartIdent() reference: PartReference,
    @QueryAs(readShownPortgroup) fields: readonly PortgroupField[],
    @LinkBase() base: string,
  ): Promise<View> {
    const row = await this.portgroups.get(portgroupOf(reference), reference.text, caller);
    return this.portgroups.view(row, fields, base);
  }

  @Post()
  @HttpCode(201)
  async create(
    @NoQuery() _query: unknown,
    @JsonBody() body: JsonValue | undefined,
    @Microversion() microversion: number,
    @Identity() identity: RequestIdentity,
    @LinkBase() base: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<View> {
    const row = await this.portgroups.create(body ?? {}, microversion, identity);
    response.setHeader('Location', `${base}/v1/portgroups/${row.uuid}`);
    return this.portgroups.view(row, allPortgroupFields(microversion), base);
  }

  @Patch(':part')
  async patch(
    @PartIdent() reference: PartReference,
    @NoQuery() _query: unknown,
    @JsonBody() body: JsonValue | undefined,
    @Microversion() microversion: number,
    @Identity() identity: RequestIdentity,
    @LinkBase() base: string,
  ): Promise<View> {
    const condition = portgroupOf(reference);
    const row = await this.portgroups.patch(condition, reference.text, body ?? {}, microversion, identity);
    return this.portgroups.view(row, allPortgroupFields(microversion), base);
  }

  @Delete(':part')
  @HttpCode(204)
  async delete(
    @PartIdent() reference: PartReference,
    @NoQuery() _query: unknown,
    @Identity() identity: RequestIdentity,
  ): Promise<void> {
    await this.portgroups.delete(portgroupOf(reference), reference.text, identity);
  }

  /** 400 instead of 405, for clients that left out the identifier. */
  @Delete()
  deleteNone(): never {
    throw new BadRequest('Missing mandatory parameter: the UUID or name of the port group to delete');
  }

  @Patch()
  patchNone(): never {
    throw new BadRequest('Missing mandatory parameter: the UUID or name of the port group to change');
  }
}

function portgroupOf(reference: PartReference) {
  return partCondition('portgroups', reference);
}
