import { type JsonValue } from '@ferrule/driver-kit';
import { Controller, Delete, Get, HttpCode, Inject, Patch, Post, Res } from '@nestjs/common';
import { type Response } from 'express';
import { type Caller } from '../auth/caller.js';
import { Reader } from '../auth/origin.js';
import { Policy } from '../auth/policy/policy.js';
import { CallerOf, Identity, type RequestIdentity } from '../auth/request-identity.js';
import { CONFIG, type Config } from '../config/config.js';
import { BadRequest } from '../http/errors.js';
import { ListQueue, type ListReader } from '../http/limits/list-queue.js';
import { JsonBody, LinkBase, Microversion, NoQuery, QueryAs } from '../http/parameters.js';
import { type JsonParts } from '../http/replies/reply.js';
import { Listing } from '../openapi/listing.js';
import { jsonPage } from '../resources/list/json-page.js';
import { nextLink, type PageRequest } from '../resources/list/page-request.js';
import { ResourceUuid } from '../resources/resource-uuid.js';
import { resourceView } from '../resources/resource-view.js';
import { ChassisChanges } from './chassis-changes.js';
import { type ChassisField, type ChassisRow } from './chassis-fields.js';
import { CHASSIS_LISTING } from './chassis.docs.js';
import { ChassisRepository } from './chassis.repository.js';
import { allChassisFields, readChassisDetail, readChassisList, readShownChassis } from './chassis.request.js';

type View = Record<string, unknown>;

@Controller('v1/chassis')
export class ChassisController {
  constructor(
    private readonly repository: ChassisRepository,
    private readonly changes: ChassisChanges,
    private readonly policy: Policy,
    private readonly queue: ListQueue,
    @Inject(CONFIG) private readonly config: Pick<Config, 'maxLimit'>,
  ) {}

  @Listing(CHASSIS_LISTING)
  @Get()
  list(
    @CallerOf() caller: Caller,
    @QueryAs(readChassisList) asked: PageRequest<ChassisField>,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.page(caller, asked, base, reader, '/v1/chassis');
  }

  @Get('detail')
  detail(
    @CallerOf() caller: Caller,
    @QueryAs(readChassisDetail) asked: PageRequest<ChassisField>,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.page(caller, asked, base, reader, '/v1/chassis/detail');
  }

  @Get(':uuid')
  async show(
    @CallerOf() caller: Caller,
    @ResourceUuid() uuid: string,
    @QueryAs(readShownChassis) fields: readonly ChassisField[],
    @LinkBase() base: string,
  ): Promise<View> {
    this.policy.assert(caller, 'baremetal:chassis:get');
    return viewOf(await this.repository.get(uuid), fields, base);
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
    const row = await this.changes.create(body ?? {}, microversion, identity);
    response.setHeader('Location', `${base}/v1/chassis/${row.uuid}`);
    return viewOf(row, allChassisFields(microversion), base);
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
    const row = await this.changes.patch(uuid, body ?? {}, microversion, identity);
    return viewOf(row, allChassisFields(microversion), base);
  }

  @Delete(':uuid')
  @HttpCode(204)
  async delete(
    @ResourceUuid() uuid: string,
    @NoQuery() _query: unknown,
    @Identity() identity: RequestIdentity,
  ): Promise<void> {
    await this.changes.delete(uuid, identity);
  }

  /** 400 instead of 405, for clients that left out the UUID. */
  @Delete()
  deleteNone(): never {
    throw new BadRequest('Missing mandatory parameter: the UUID of the chassis to delete');
  }

  @Patch()
  patchNone(): never {
    throw new BadRequest('Missing mandatory parameter: the UUID of the chassis to change');
  }

  private page(
    caller: Caller,
    asked: PageRequest<ChassisField>,
    base: string,
    reader: ListReader,
    path: string,
  ): Promise<JsonParts> {
    this.policy.assert(caller, 'baremetal:chassis:get');
    const page = { ...asked, limit: Math.min(asked.limit, this.config.maxLimit) };
    return this.queue.make(reader, async () => {
      const found = await this.repository.page(page);
      const view = (row: ChassisRow): View => viewOf(row, page.fields, base);
      return jsonPage('chassis', found.rows, view, nextLink(page, found, base, path));
    });
  }
}

function viewOf(row: ChassisRow, fields: readonly ChassisField[], base: string): View {
  return resourceView(row, fields, base, { collection: 'chassis', below: ['nodes'] });
}
