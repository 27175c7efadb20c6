import { type JsonObject } from '@ferrule/driver-kit';
import { Controller, Delete, HttpCode, Put } from '@nestjs/common';
import { z } from 'zod';
import { Identity, type RequestIdentity } from '../auth/request-identity.js';
import { BadRequest, UnexpectedArguments } from '../http/errors.js';
import { typeName } from '../json/type-name.js';
import { JsonMembers, NoQuery, QueryOf } from '../http/parameters.js';
import { parameter, text } from '../http/query/parameter.js';
import { Ident, type NodeReference } from './record/node-reference.js';
import { CLEAR_MAINTENANCE, SET_MAINTENANCE } from './changes/change-kinds.js';
import { NodeChanges } from './changes/node-changes.js';

const QUERY = z.object({ reason: parameter(text().optional(), { since: 1 }) });

@Controller('v1/nodes/:ident/maintenance')
export class MaintenanceController {
  constructor(private readonly changes: NodeChanges) {}

  @Put()
  @HttpCode(SET_MAINTENANCE.status)
  async set(
    @Ident() reference: NodeReference,
    @QueryOf(QUERY) query: z.output<typeof QUERY>,
    @JsonMembers() { reason, ...rest }: JsonObject,
    @Identity() identity: RequestIdentity,
  ): Promise<void> {
    refuse(rest);
    await this.changes.setMaintenance(reference, reasonOf(query.reason, reason), identity);
  }

  @Delete()
  @HttpCode(CLEAR_MAINTENANCE.status)
  async unset(
    @Ident() reference: NodeReference,
    @NoQuery() _query: unknown,
    @JsonMembers() body: JsonObject,
    @Identity() identity: RequestIdentity,
  ): Promise<void> {
    refuse(body);
    await this.changes.unsetMaintenance(reference, identity);
  }
}

function refuse(members: JsonObject): void {
  const unexpected = Object.keys(members);
  if (unexpected.length > 0) throw new UnexpectedArguments(unexpected);
}

function reasonOf(queried: string | undefined, inBody: unknown): string | null {
  if (queried !== undefined && inBody !== undefined) {
    throw new BadRequest('The reason is given both in the query and in the body.');
  }
  const value = queried ?? inBody ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new BadRequest(`Invalid reason: expected a string, not ${typeName(value)}.`);
}
