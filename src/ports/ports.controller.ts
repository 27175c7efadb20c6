import { type JsonValue } from '@ferrule/driver-kit';
import { Controller, Delete, Get, HttpCode, Patch, Post, Res } from '@nestjs/common';
import { type Response } from 'express';
import { sql } from 'kysely';
import { type Caller } from '../auth/caller.js';
import { Reader } from '../auth/origin.js';
import { CallerOf, Identity, type RequestIdentity } from '../auth/request-identity.js';
import { BadRequest } from '../http/errors.js';
import { type ListReader } from '../http/limits/list-queue.js';
import { JsonBody, LinkBase, Microversion, NoQuery, QueryAs } from '../http/parameters.js';
import { type JsonParts } from '../http/replies/reply.js';
import { Listing } from '../openapi/listing.js';
import { ResourceUuid } from '../resources/resource-uuid.js';
import { type PortField } from './port-fields.js';
import { PortLists } from './port-lists.js';
import { PORTS_LISTING } from './ports.docs.js';
import { Ports } from './ports.js';
import {
  allPortFields,
  type PortsRequest,
  readPortDetail,
  readPortList,
  readShownPort,
} from './ports.request.js';

type View = Record<string, unknown>;

@Controller('v1/ports')
export class PortsController {
  constructor(
    private readonly ports: Ports,
    private readonly lists: PortLists,
  ) {}

  @Listing(PORTS_LISTING)
  @Get()
  list(
    @CallerOf() caller: Caller,
    @QueryAs(readPortList) asked: PortsRequest,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.lists.ports(asked, { caller, base, reader, path: '/v1/ports' });
  }

  @Get('detail')
  detail(
    @CallerOf() caller: Caller,
    @QueryAs(readPortDetail) asked: PortsRequest,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.lists.ports(asked, { caller, base, reader, path: '/v1/ports/detail' });
  }

  @Get(':uuid')
  async show(
    @CallerOf() caller: Caller,
    @ResourceUuid() uuid: string,
    @QueryAs(readShownPort) fields: readonly PortField[],
    @LinkBase() base: string,
  ): Promise<View> {
    return this.ports.view(await this.ports.get(portOf(uuid), uuid, caller), fields, base);
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
    const row = await this.ports.create(body ?? {}, microversion, identity);
    response.setHeader('Location', `${base}/v1/ports/${row.uuid}`);
    return this.ports.view(row, allPortFields(microversion), base);
  }

  @Patch(':uuid')
  async patch(
    @ResourceUuid() uuid: string,
    @NoQuery() _query: unknown,
    @JsonBody() body: JsonValue | undefined,
    @Microversion() microversion: number,
    @Identity() identity: RequestIdentity,
    @LinkBase() base: string,
  ): Promise<View> {
    const row = await this.ports.patch(portOf(uuid), uuid, body ?? {}, microversion, identity);
    return this.ports.view(row, allPortFields(microversion), base);
  }

  @Delete(':uuid')
  @HttpCode(204)
  async delete(
    @ResourceUuid() uuid: string,
    @NoQuery() _query: unknown,
    @Identity() identity: RequestIdentity,
  ): Promise<void> {
    await this.ports.delete(portOf(uuid), uuid, identity);
  }

  /** 400 instead of 405, for clients that left out the UUID. */
  @Delete()
  deleteNone(): never {
    throw new BadRequest('Missing mandatory parameter: the UUID of the port to delete');
  }

  @Patch()
  patchNone(): never {
    throw new BadRequest('Missing mandatory parameter: the UUID of the port to change');
  }
}

function portOf(uuid: string) {
  return sql<boolean>`ports.uuid = ${uuid}`;
}
