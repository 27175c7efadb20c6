import { Injectable } from '@nestjs/common';
import { type Kysely, sql } from 'kysely';
import { Database, type Statements } from '../database/database.js';
import { type Tables } from '../database/tables.js';
import { nodeUuid } from '../database/reads/node-uuid.js';
import { type AuditRow } from '../database/transitions/audited.js';
import { type StoredRecord } from './chain.js';
import { SWITCH } from './switches.js';

const APPEND = { name: 'audit-append', text: 'select audit_append($1, $2, $3, $4)' };
const FORGET = { name: 'audit-forget', text: 'select audit_forget($1, $2) as count' };
/** The first start without the audit since the last one with it. */
const OFF_SINCE = {
  name: 'audit-off-since',
  text: `select min(at) filter (where record::json ->> 'event' = 'off') as since
         from audit where action = '${SWITCH}' and seq > (
           select coalesce(max(seq), 0) from audit where action = '${SWITCH}' and record::json ->> 'event' = 'on')`,
};

export interface AuditFilter {
  /** Its UUID. */
  readonly node?: string | undefined;
  readonly caller?: string | undefined;
  readonly action?: string | undefined;
  readonly event?: string | undefined;
  readonly caller_id?: string | undefined;
  readonly method?: string | undefined;
  readonly job?: string | undefined;
  readonly request_id?: string | undefined;
  /** RFC 3339; `since` is included, `until` is not. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** The number of a record: only those after it in the list. */
  readonly marker?: string | undefined;
  readonly limit: number;
}

/** Members of the record that have a column with an index. */
const COLUMNS = ['node', 'caller', 'action'] as const;
/** Others are looked for in the records themselves. */
const MEMBERS = ['event', 'caller_id', 'method', 'job', 'request_id'] as const;

@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  /** They are on the disk when this resolves. */
  append(records: readonly AuditRow[]): Promise<void> {
    return append(this.database.hot, records);
  }

  /** They are on the disk within a second, and with the next ones of {@link append} at the latest. */
  appendSoon(records: readonly AuditRow[]): Promise<void> {
    return append(this.database.relaxed, records);
  }

  /** @returns when a process began without the audit, if none has begun with it again; RFC 3339. */
  async offSince(): Promise<string | undefined> {
    const [row] = await this.database.query<{ since: string | null }>(OFF_SINCE, []);
    return row?.since ?? undefined;
  }

  list(filter: AuditFilter): Promise<StoredRecord[]> {
    return auditQuery(this.database.kysely, filter).execute();
  }

  /** @returns the UUID of the node that has this name now. */
  nodeNamed(name: string): Promise<string | undefined> {
    return nodeUuid(this.database, name);
  }

  /** @param seconds minimum age. @returns how many of at most `limit` records were deleted. */
  async forget(seconds: number, limit: number): Promise<number> {
    const [row] = await this.database.query<{ count: string }>(FORGET, [seconds, limit]);
    return Number(row?.count ?? 0);
  }
}

/**
 * Newest first. Each filter of a column has an index with the time, so that also those of long ago are not searched
 * for.
 */
export function auditQuery(kysely: Kysely<Tables>, filter: AuditFilter) {
  const { since, until, marker, limit } = filter;
  let query = kysely
    .selectFrom('audit')
    .select(['seq', 'at', 'record', 'hash'])
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit);
  for (const column of COLUMNS) {
    const value = filter[column];
    if (value !== undefined) query = query.where(column, '=', value);
  }
  for (const member of MEMBERS) {
    const value = filter[member];
    if (value === undefined) continue;
    query = query.where(sql`record::json ->> ${sql.lit(member)}`, '=', value);
  }
  if (since !== undefined) query = query.where('at', '>=', since);
  if (until !== undefined) query = query.where('at', '<', until);
  if (marker === undefined) return query;
  return query.where(sql<boolean>`(at, seq) < ((select at from audit where seq = ${marker}), ${marker})`);
}

async function append(statements: Statements, records: readonly AuditRow[]): Promise<void> {
  await statements.query(APPEND, [
    records.map(({ text }) => text),
    records.map(({ action }) => action),
    records.map(({ node }) => node),
    records.map(({ caller }) => caller),
  ]);
}
