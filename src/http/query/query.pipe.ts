import { type PipeTransform } from '@nestjs/common';
import { type z } from 'zod';
import { BadRequest } from '../errors.js';
import { parameterInfo, type QuerySchema } from './parameter.js';
import { type ParameterTable, type Query } from './query.js';

export interface AskedQuery {
  readonly query: Query;
  readonly microversion: number;
}

export class QueryPipe<T extends QuerySchema> implements PipeTransform<AskedQuery, z.output<T>> {
  private readonly table: ParameterTable;

  constructor(private readonly schema: T) {
    this.table = Object.fromEntries(
      Object.entries(schema.shape).map(([name, member]) => [name, parameterInfo(member).since]),
    );
  }

  /** @throws UnexpectedArguments and BadRequest (400), NotAcceptable (406) */
  transform({ query, microversion }: AskedQuery): z.output<T> {
    query.check(this.table, microversion);
    const parsed = this.schema.safeParse(Object.fromEntries(query.entries()));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new BadRequest(`Invalid ${issue?.path.join('.')}: ${issue?.message}.`);
  }
}
