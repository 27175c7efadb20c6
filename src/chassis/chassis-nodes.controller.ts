import { Controller, Get } from '@nestjs/common';
import { Reader } from '../auth/origin.js';
import { type ListReader } from '../http/limits/list-queue.js';
import { QueryAs } from '../http/parameters.js';
import { type JsonParts } from '../http/replies/reply.js';
import { NodePages } from '../nodes/list/node-pages.js';
import { type NodeListRequest, readDetailRequest, readListRequest } from '../nodes/list/node-list.request.js';
import { type NodeViewContext } from '../nodes/wire/node.view.js';
import { ViewContext } from '../nodes/wire/view-context.js';
import { ResourceUuid } from '../resources/resource-uuid.js';

@Controller('v1/chassis/:uuid/nodes')
export class ChassisNodesController {
  constructor(private readonly pages: NodePages) {}

  @Get()
  list(
    @ResourceUuid() uuid: string,
    @QueryAs(readListRequest) asked: NodeListRequest,
    @ViewContext() context: NodeViewContext,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.pages.make(inChassis(uuid, asked), context, reader, `/v1/chassis/${uuid}/nodes`);
  }

  @Get('detail')
  detail(
    @ResourceUuid() uuid: string,
    @QueryAs(readDetailRequest) asked: NodeListRequest,
    @ViewContext() context: NodeViewContext,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    return this.pages.make(inChassis(uuid, asked), context, reader, `/v1/chassis/${uuid}/nodes/detail`);
  }
}

function inChassis(uuid: string, asked: NodeListRequest): NodeListRequest {
  return { ...asked, filters: { ...asked.filters, chassis_uuid: uuid } };
}
