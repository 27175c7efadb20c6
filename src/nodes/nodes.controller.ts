import { type JsonValue } from '@ferrule/driver-kit';
import { Controller, Delete, Get, HttpCode, Inject, Patch, Post, Res } from '@nestjs/common';
import { type Response } from 'express';
import { Identity, type RequestIdentity } from '../auth/request-identity.js';
import { Reader } from '../auth/origin.js';
import { CONFIG, type Config } from '../config/config.js';
import { Roster } from '../conductors/roster/roster.js';
import { BadRequest } from '../http/errors.js';
import { ListQueue, type ListReader } from '../http/limits/list-queue.js';
import { nextPage } from '../http/links.js';
import { type JsonParts } from '../http/replies/reply.js';
import { JsonBody, Microversion, NoQuery, QueryAs } from '../http/parameters.js';
import { Listing } from '../openapi/listing.js';
import { fieldsAt } from './fields/node-fields.js';
import { nodeConditions } from './list/node-filters.js';
import { NodeListRepository, type NodePage } from './list/node-list.repository.js';
import { type NodeListRequest, readDetailRequest, readListRequest } from './list/node-list.request.js';
import { visibleNodes } from './access/visible-nodes.js';
import { NodeAccess } from './access/node-access.js';
import { nodePage } from './list/node-page.js';
import { NODES_LISTING } from './list/nodes.docs.js';
import { nodeView, type NodeViewContext } from './wire/node.view.js';
import { ViewContext } from './wire/view-context.js';
import { CREATION } from './changes/change-kinds.js';
import { NodeChanges } from './changes/node-changes.js';

@Controller('v1/nodes')
export class NodesController {
  constructor(
    private readonly changes: NodeChanges,
    private readonly lists: NodeListRepository,
    private readonly roster: Roster,
    private readonly access: NodeAccess,
    private readonly queue: ListQueue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Listing(NODES_LISTING)
  @Get()
  list(
    @QueryAs(readListRequest) asked: NodeListRequest,
    @ViewContext() context: NodeViewContext,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.page(asked, context, reader, '/v1/nodes');
  }

  @Get('detail')
  detail(
    @QueryAs(readDetailRequest) asked: NodeListRequest,
    @ViewContext() context: NodeViewContext,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.page(asked, context, reader, '/v1/nodes/detail');
  }

  @Post()
  @HttpCode(CREATION.status)
  async create(
    @NoQuery() _query: unknown,
    @JsonBody() body: JsonValue | undefined,
    @Microversion() microversion: number,
    @Identity() identity: RequestIdentity,
    @ViewContext() context: NodeViewContext,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Record<string, unknown>> {
    const node = await this.changes.create(body === undefined ? {} : body, microversion, identity);
    response.setHeader('Location', `${context.base}/v1/nodes/${node.uuid}`);
    return nodeView(node, fieldsAt(microversion), context);
  }

  /** 400 instead of 405, for clients that left out the identifier. */
  @Delete()
  delete(): never {
    throw new BadRequest('Missing mandatory parameter: the UUID or name of the node to delete');
  }

  @Patch()
  patch(): never {
    throw new BadRequest('Missing mandatory parameter: the UUID or name of the node to change');
  }

  private async page(
    asked: NodeListRequest,
    context: NodeViewContext,
    reader: ListReader,
    path: string,
  ): Promise<JsonParts> {
    const page = { ...asked, limit: Math.min(asked.limit, this.config.maxLimit) };
    const { caller } = context;
    const conditions = nodeConditions(page.filters, this.roster.all);
    const visible = visibleNodes(this.access.listed(caller, page.sort.key), caller.projectId);
    return this.queue.make(reader, async () => {
      const found = await this.lists.list({ ...page, conditions, visible });
      return nodePage(found.rows, page.fields, context, nextOf(page, found, context.base, path));
    });
  }
}

/** A full page has a `next` link even if nothing follows, since finding out would need another row. */
function nextOf(
  page: NodeListRequest,
  { rows, isFull }: NodePage,
  base: string,
  path: string,
): string | undefined {
  const last = rows.at(-1);
  if (!last || !isFull || page.filters.instance_uuid !== undefined) return undefined;
  return nextPage(base, path, page.repeated, page.limit, last.uuid);
}
