import { type PipeTransform } from '@nestjs/common';
import { type z } from 'zod';
import { BadRequest, NotAcceptable, UnexpectedArguments } from '../errors.js';
import { NAME, parameterInfo, type QuerySchema, type Since } from './parameter.js';
import { type Query } from './query.js';

export interface AskedQuery {
  readonly query: Query;
  readonly microversion: number;
  /** Of the request, as it was sent. */
  readonly path?: string;
}

export class QueryPipe<T extends QuerySchema> implements PipeTransform<AskedQuery, z.output<T>> {
  private readonly since: ReadonlyMap<string, Since>;

  constructor(private readonly schema: T) {
    this.since = new Map(
      Object.entries(schema.shape).map(([name, member]) => [name, parameterInfo(member).since]),
    );
  }

  transform({ query, microversion, path }: AskedQuery): z.output<T> {
    this.check([...query.keys()], microversion, path);
    const parsed = this.schema.safeParse(Object.fromEntries(query));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new BadRequest(issue?.message.replace(NAME, issue.path.join('.')) ?? '');
  }

  /** The error of a query with names that the microversion does not have. */
  unexpected(names: readonly string[], microversion: number, path?: string): UnexpectedArguments | undefined {
    const isExpected = (name: string): boolean => {
      const since = this.since.get(name);
      return since !== undefined && (typeof since === 'number' || microversion >= since.since);
    };
    const unexpected = names.filter((name) => !isExpected(name));
    if (unexpected.length === 0) return undefined;
    return new UnexpectedArguments(unexpected, [...this.since.keys()].filter(isExpected), path);
  }

  private check(names: readonly string[], microversion: number, path?: string): void {
    const error = this.unexpected(names, microversion, path);
    if (error) throw error;
    for (const name of names) {
      const since = this.since.get(name);
      if (typeof since === 'number' && microversion < since) throw NotAcceptable.before(name, since);
    }
  }
}
