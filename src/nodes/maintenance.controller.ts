import { Controller, Delete, HttpCode, Put, Req } from '@nestjs/common';
import { type Request } from 'express';
import { jsonObject, typeName } from '../http/middleware/body.js';
import { BadRequest, UnexpectedArguments } from '../http/errors.js';
import { Query } from '../http/query/query.js';
import { nodeReference } from './node-reference.js';
import { NodesService } from './nodes.service.js';

/** Takes a node out of service, and back. */
@Controller('v1/nodes/:ident/maintenance')
export class MaintenanceController {
  constructor(private readonly nodes: NodesService) {}

  @Put()
  @HttpCode(202)
  async set(@Req() request: Request): Promise<void> {
    const reference = nodeReference(request);
    await this.nodes.setMaintenance(reference, reasonOf(request), request.requestId);
  }

  @Delete()
  @HttpCode(202)
  async unset(@Req() request: Request): Promise<void> {
    const reference = nodeReference(request);
    Query.of(request).check({}, request.microversion);
    const unexpected = Object.keys(jsonObject(request));
    if (unexpected.length > 0) throw new UnexpectedArguments(unexpected);
    await this.nodes.unsetMaintenance(reference, request.requestId);
  }
}

/** In the body or in the query, not in both. */
function reasonOf(request: Request): string | null {
  const query = Query.of(request);
  query.check({ reason: 1 }, request.microversion);
  const { reason, ...rest } = jsonObject(request);
  const unexpected = Object.keys(rest);
  if (unexpected.length > 0) throw new UnexpectedArguments(unexpected);
  const queried = query.text('reason');
  if (queried !== undefined && reason !== undefined) {
    throw new BadRequest('The reason is given both in the query and in the body.');
  }
  const value = queried ?? reason ?? null;
  if (value !== null && typeof value !== 'string') {
    throw new BadRequest(`Invalid reason: expected a string, not ${typeName(value)}.`);
  }
  if (value?.includes('\0')) throw new BadRequest('Invalid reason: it has a NUL character.');
  return value;
}
