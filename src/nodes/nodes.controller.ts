import { type JsonValue } from '@ferrule/driver-kit';
import { Controller, Delete, Get, HttpCode, Patch, Post, Res } from '@nestjs/common';
import { type Response } from 'express';
import { Identity, type RequestIdentity } from '../auth/request-identity.js';
import { Reader } from '../auth/origin.js';
import { BadRequest } from '../http/errors.js';
import { type ListReader } from '../http/limits/list-queue.js';
import { type JsonParts } from '../http/replies/reply.js';
import { JsonBody, Microversion, NoQuery, QueryAs } from '../http/parameters.js';
import { Listing } from '../openapi/listing.js';
import { fieldsAt } from './fields/node-fields.js';
import { NodePages } from './list/node-pages.js';
import { type NodeListRequest, readDetailRequest, readListRequest } from './list/node-list.request.js';
import { NODES_LISTING } from './list/nodes.docs.js';
import { nodeView, type NodeViewContext } from './wire/node.view.js';
import { ViewContext } from './wire/view-context.js';
import { CREATION } from './changes/change-kinds.js';
import { NodeChanges } from './changes/node-changes.js';

@Controller('v1/nodes')
export class NodesController {
  constructor(
    private readonly changes: NodeChanges,
    private readonly pages: NodePages,
  ) {}

  @Listing(NODES_LISTING)
  @Get()
  list(
    @QueryAs(readListRequest) asked: NodeListRequest,
    @ViewContext() context: NodeViewContext,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.pages.make(asked, context, reader, '/v1/nodes');
  }

  @Get('detail')
  detail(
    @QueryAs(readDetailRequest) asked: NodeListRequest,
    @ViewContext() context: NodeViewContext,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.pages.make(asked, context, reader, '/v1/nodes/detail');
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
}
