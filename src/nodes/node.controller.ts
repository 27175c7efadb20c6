import { type JsonValue } from '@ferrule/driver-kit';
import { Controller, Delete, Get, HttpCode, Patch } from '@nestjs/common';
import { z } from 'zod';
import { Identity, type RequestIdentity } from '../auth/request-identity.js';
import { JsonBody, Microversion, NoQuery, QueryAs, QueryOf } from '../http/parameters.js';
import { flag, parameter } from '../http/query/parameter.js';
import { readNodePatch } from './patch/wanted-patch.js';
import { fieldsAt, type NodeFieldName, nodeField } from './fields/node-fields.js';
import { readShownFields } from './list/node-list.request.js';
import { Ident, type NodeReference } from './record/node-reference.js';
import { fieldViews, nodeView, type NodeViewContext } from './wire/node.view.js';
import { ViewContext } from './wire/view-context.js';
import { DELETION, UPDATE } from './changes/change-kinds.js';
import { NodeChanges } from './changes/node-changes.js';
import { NodesService } from './record/nodes.service.js';

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

const PATCH_QUERY = z.object({ reset_interfaces: parameter(flag().default(false), { since: 45 }) });

@Controller('v1/nodes/:ident')
export class NodeController {
  constructor(
    private readonly nodes: NodesService,
    private readonly changes: NodeChanges,
  ) {}

  @Get()
  async show(
    @Ident() reference: NodeReference,
    @QueryAs(readShownFields) fields: readonly NodeFieldName[],
    @ViewContext() context: NodeViewContext,
  ): Promise<Record<string, unknown>> {
    const node = await this.nodes.get(reference, context.caller, 'baremetal:node:get');
    return nodeView(node, fields, context);
  }

  @Get('states')
  async states(
    @Ident() reference: NodeReference,
    @NoQuery() _query: unknown,
    @ViewContext() context: NodeViewContext,
  ): Promise<Record<string, unknown>> {
    const fields = STATE_FIELDS.filter((name) => nodeField(name).since <= context.microversion);
    const node = await this.nodes.get(reference, context.caller, 'baremetal:node:get_states');
    return fieldViews(node, fields, context);
  }

  @Patch()
  @HttpCode(UPDATE.status)
  async patch(
    @Ident() reference: NodeReference,
    @QueryOf(PATCH_QUERY) query: z.output<typeof PATCH_QUERY>,
    @JsonBody() body: JsonValue | undefined,
    @Microversion() microversion: number,
    @Identity() identity: RequestIdentity,
    @ViewContext() context: NodeViewContext,
  ): Promise<Record<string, unknown>> {
    const patch = {
      operations: readNodePatch(body === undefined ? {} : body, microversion),
      resetInterfaces: query.reset_interfaces,
      microversion,
    };
    return nodeView(await this.changes.patch(reference, patch, identity), fieldsAt(microversion), context);
  }

  /** A body is ignored: one client sends an empty `application/octet-stream`. */
  @Delete()
  @HttpCode(DELETION.status)
  async delete(
    @Ident() reference: NodeReference,
    @NoQuery() _query: unknown,
    @Identity() identity: RequestIdentity,
  ): Promise<void> {
    await this.changes.delete(reference, identity);
  }
}
