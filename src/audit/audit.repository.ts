import { Injectable } from '@nestjs/common';
import { Database, type Statements } from '../database/database.js';
import { type NewRecord } from './audit-record.js';
import { type StoredRecord } from './chain.js';

const APPEND = { name: 'audit-append', text: 'select audit_append($1, $2, $3, $4)' };
const FORGET = { name: 'audit-forget', text: 'select audit_forget($1, $2) as count' };

export interface AuditFilter {
  readonly node?: string | undefined;
  readonly caller?: string | undefined;
  readonly action?: string | undefined;
  /** RFC 3339; `since` is included, `until` is not. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** The number of a record: only those before it. */
  readonly marker?: string | undefined;
  readonly limit: number;
}

@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  /** They are on the disk when this resolves. */
  append(records: readonly NewRecord[]): Promise<void> {
    return append(this.database.hot, records);
  }

  /** They are on the disk within a second, and with the next ones of {@link append} at the latest. */
  appendSoon(records: readonly NewRecord[]): Promise<void> {
    return append(this.database.relaxed, records);
  }

  /** Newest first. */
  async list(filter: AuditFilter): Promise<StoredRecord[]> {
    let query = this.database.kysely
      .selectFrom('audit')
      .select(['seq', 'at', 'record', 'hash'])
      .orderBy('seq', 'desc')
      .limit(filter.limit);
    for (const column of ['node', 'caller', 'action'] as const) {
      const value = filter[column];
      if (value !== undefined) query = query.where(column, '=', value);
    }
    if (filter.since !== undefined) query = query.where('at', '>=', filter.since);
    if (filter.until !== undefined) query = query.where('at', '<', filter.until);
    if (filter.marker !== undefined) query = query.where('seq', '<', filter.marker);
    return query.execute();
  }

  /** @param seconds minimum age. @returns how many of at most `limit` records were deleted. */
  async forget(seconds: number, limit: number): Promise<number> {
    const [row] = await this.database.query<{ count: string }>(FORGET, [seconds, limit]);
    return Number(row?.count ?? 0);
  }
}

async function append(statements: Statements, records: readonly NewRecord[]): Promise<void> {
  await statements.query(APPEND, [
    records.map(({ text }) => text),
    records.map(({ action }) => action),
    records.map(({ node }) => node),
    records.map(({ caller }) => caller),
  ]);
}
