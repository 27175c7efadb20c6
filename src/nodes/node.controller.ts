import { Controller, Delete, Get, HttpCode, Patch, Req } from '@nestjs/common';
import { type Request } from 'express';
import { jsonBody } from '../http/middleware/body.js';
import { Query } from '../http/query/query.js';
import { readPatch } from './patch/json-patch.js';
import { fieldsAt, type NodeFieldName, nodeField } from './fields/node-fields.js';
import { readShowFields } from './list/node-list.request.js';
import { nodeReference } from './node-reference.js';
import { fieldViews, nodeView } from './wire/node.view.js';
import { NodeViews } from './wire/node-views.js';
import { NodesService } from './nodes.service.js';

const STATE_FIELDS: readonly NodeFieldName[] = [
  'console_enabled',
  'last_error',
  'power_state',
  'target_power_state',
  'provision_state',
  'target_provision_state',
  'provision_updated_at',
  'raid_config',
  'target_raid_config',
  'boot_mode',
  'secure_boot',
];

/** One node. */
@Controller('v1/nodes/:ident')
export class NodeController {
  constructor(
    private readonly nodes: NodesService,
    private readonly views: NodeViews,
  ) {}

  @Get()
  async show(@Req() request: Request): Promise<Record<string, unknown>> {
    const reference = nodeReference(request);
    const fields = readShowFields(Query.of(request), request.microversion);
    return nodeView(await this.nodes.get(reference), fields, this.views.context(request));
  }

  @Get('states')
  async states(@Req() request: Request): Promise<Record<string, unknown>> {
    const { microversion } = request;
    const reference = nodeReference(request);
    Query.of(request).check({}, microversion);
    const fields = STATE_FIELDS.filter((name) => nodeField(name).since <= microversion);
    return fieldViews(await this.nodes.get(reference), fields, this.views.context(request));
  }

  @Patch()
  async patch(@Req() request: Request): Promise<Record<string, unknown>> {
    const { microversion, requestId } = request;
    const reference = nodeReference(request);
    const query = Query.of(request);
    query.check({ reset_interfaces: 45 }, microversion);
    const body = jsonBody(request);
    const patch = {
      operations: readPatch(body === undefined ? {} : body, microversion),
      resetInterfaces: query.boolean('reset_interfaces') ?? false,
      microversion,
    };
    const node = await this.nodes.patch(reference, patch, requestId);
    return nodeView(node, fieldsAt(microversion), this.views.context(request));
  }

  /** A body is let pass: one client sends an empty `application/octet-stream`. */
  @Delete()
  @HttpCode(204)
  async delete(@Req() request: Request): Promise<void> {
    const reference = nodeReference(request);
    Query.of(request).check({}, request.microversion);
    await this.nodes.delete(reference, request.requestId);
  }
}
