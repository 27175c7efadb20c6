import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { Database } from '../../database/database.js';
import { type ChangeKey, type Window } from './position.js';
import { type Job } from './job.js';
import { COLUMNS, jobOf, type JobRow, OWNERSHIP, RESULT } from './job-row.js';
import { type JobState } from '../../database/job-state.js';

/** Results of a page in characters; the page ends with the job that exceeds it. */
const PAGE_SIZE = 8_000_000;
/** Bytes of results, as PostgreSQL stores them, that are read at once; compressed ones may be some times larger. */
const READ_SIZE = 1_000_000;
/** As PAGE_SIZE, for pages that are kept while a client takes them. */
const CHANGED_SIZE = 256_000;

const STORED_SIZE = sql<number | null>`pg_column_size(result)`.as('stored_size');

export const SORT_KEYS = ['created_at', 'finished_at'] as const;

export interface JobFilter {
  readonly nodeUuid?: string | undefined;
  readonly state?: JobState | undefined;
  readonly driver?: string | undefined;
  readonly method?: string | undefined;
  /** Its name. */
  readonly caller?: string | undefined;
  readonly fleetCall?: string | undefined;
  /** RFC 3339, of the creation. */
  readonly since?: string | undefined;
  /** `finished_at`: only those that have ended. */
  readonly sortKey: (typeof SORT_KEYS)[number];
  readonly sortDir: 'asc' | 'desc';
  readonly marker?: string | undefined;
  readonly limit: number;
  /** Undefined if the caller may see all. */
  readonly visible: RawBuilder<SqlBool> | undefined;
}

/** Jobs that a later moment shows changed, as they were then; those that changed again since are left out. */
export interface ChangeFilter extends Pick<JobFilter, 'nodeUuid' | 'state' | 'limit' | 'visible'> {
  readonly window: Window;
  readonly id?: string | undefined;
  readonly driver?: string | undefined;
  readonly method?: string | undefined;
  readonly fleetCall?: string | undefined;
}

export interface ChangedPage {
  readonly jobs: readonly { readonly job: Job; readonly key: ChangeKey }[];
  readonly isFull: boolean;
}

export interface JobPage {
  readonly jobs: readonly Job[];
  /** Whether the page may have a successor: it has as many jobs as asked for, or their results are large. */
  readonly isFull: boolean;
}

/** Lists of jobs, whose results may be large. */
@Injectable()
export class JobPages {
  constructor(private readonly database: Database) {}

  async list(filter: JobFilter): Promise<JobPage> {
    return this.withResults(await pageOf(this.database.kysely, filter).execute(), filter.limit);
  }

  /** In the order of the changes. */
  async changed({ window: { since, until, after }, ...filter }: ChangeFilter): Promise<ChangedPage> {
    const { id, nodeUuid, driver, method, state, fleetCall, visible, limit } = filter;
    let query = this.database.kysely
      .selectFrom('jobs')
      .select([...COLUMNS, OWNERSHIP, STORED_SIZE, 'change', 'seq'])
      .where(
        sql<SqlBool>`(change >= pg_snapshot_xmax(${since}::pg_snapshot)
          or change = any (array(select pg_snapshot_xip(${since}::pg_snapshot))))`,
      )
      .where(sql<SqlBool>`pg_visible_in_snapshot(change, ${until}::pg_snapshot)`)
      .orderBy('change')
      .orderBy('seq')
      .limit(limit);
    if (after)
      query = query.where(sql<SqlBool>`(change, seq) > (${after.change}::xid8, ${after.seq}::bigint)`);
    if (id !== undefined) query = query.where('id', '=', id);
    if (nodeUuid !== undefined) query = query.where('node_uuid', '=', nodeUuid);
    if (driver !== undefined) query = query.where('driver', '=', driver);
    if (method !== undefined) query = query.where('method', '=', method);
    if (state !== undefined) query = query.where('state', '=', state);
    if (fleetCall !== undefined) query = query.where('fleet_call', '=', fleetCall);
    if (visible) query = query.where(visible);
    const rows = await query.execute();
    const { jobs, isFull } = await this.withResults(rows, limit, CHANGED_SIZE);
    const keyed = jobs.flatMap((job, index) => {
      const row = rows[index];
      return row ? [{ job, key: { change: row.change, seq: row.seq } }] : [];
    });
    return { jobs: keyed, isFull };
  }

  private async withResults(
    rows: readonly (JobRow & { readonly stored_size: number | null })[],
    limit: number,
    mostSize = PAGE_SIZE,
  ): Promise<JobPage> {
    const jobs: Job[] = [];
    let size = 0;
    while (jobs.length < rows.length && size <= mostSize) {
      let stored = 0;
      const portion = rows.slice(jobs.length).filter((row, index) => {
        stored += row.stored_size ?? 0;
        return index === 0 || stored <= Math.min(READ_SIZE, mostSize);
      });
      const results = await this.results(portion.filter((row) => row.stored_size !== null));
      for (const row of portion) {
        if (size > mostSize) break;
        const result = results.get(row.id) ?? null;
        jobs.push(jobOf(row, result));
        size += result?.length ?? 0;
      }
    }
    return { jobs, isFull: jobs.length === limit || jobs.length < rows.length };
  }

  private async results(rows: readonly JobRow[]): Promise<Map<string, string | null>> {
    if (rows.length === 0) return new Map();
    const ids = rows.map(({ id }) => id);
    const found = await this.database.kysely
      .selectFrom('jobs')
      .select(['id', RESULT])
      .where(sql<boolean>`id = any(${ids}::uuid[])`)
      .execute();
    return new Map(found.map(({ id, result }) => [id, result]));
  }
}

/** `seq` from which on jobs were created at a time or later. It may be too low: `seq` is only roughly in that order. */
function firstSince(time: string): RawBuilder<string | null> {
  return sql<string | null>`(
    with recursive search (low, high) as (
      select (select min(seq) from jobs), (select max(seq) + 1 from jobs)
      union all
      select case when is_before then found + 1 else low end, case when is_before then high else middle end
      from search
        cross join lateral (select (low + high) / 2 as middle) halves
        cross join lateral (
          select seq as found, created_at < ${time}::timestamptz - interval '1 minute' as is_before
          from jobs where seq >= middle order by seq limit 1) looked
      where low < high)
    select max(low) from search)`;
}

/** SQL of a page. Those that have ended and those that have not are in different indexes. */
export function pageOf(kysely: Database['kysely'], filter: JobFilter) {
  const { driver, method, caller, state, nodeUuid, fleetCall, sortKey, sortDir, limit } = filter;
  const isOfFew = [driver, method, caller].some((each) => each !== undefined);
  const isSelected = [state, nodeUuid, fleetCall].some((each) => each !== undefined);
  if (sortKey !== 'created_at' || !isOfFew || isSelected) return portionOf(kysely, filter);
  const open = portionOf(kysely, filter).where('state', 'in', ['queued', 'running']);
  const ended = portionOf(kysely, filter).where('finished_at', 'is not', null);
  return kysely
    .selectFrom(sql<PageRow>`((${open}) union all (${ended}))`.as('jobs'))
    .selectAll()
    .orderBy('seq', sortDir)
    .limit(limit);
}

type PageRow = JobRow & { readonly seq: string; readonly stored_size: number | null };

function portionOf(kysely: Database['kysely'], filter: JobFilter) {
  const { sortKey, sortDir, marker } = filter;
  let query = kysely
    .selectFrom('jobs')
    .select([...COLUMNS, 'seq', OWNERSHIP, STORED_SIZE])
    .limit(filter.limit);
  if (filter.nodeUuid !== undefined) query = query.where('node_uuid', '=', filter.nodeUuid);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.driver !== undefined) query = query.where('driver', '=', filter.driver);
  if (filter.method !== undefined) query = query.where('method', '=', filter.method);
  if (filter.caller !== undefined) query = query.where(sql`caller ->> 'name'`, '=', filter.caller);
  if (filter.fleetCall !== undefined) query = query.where('fleet_call', '=', filter.fleetCall);
  if (filter.since !== undefined) {
    query = query.where('created_at', '>=', filter.since).where('seq', '>=', firstSince(filter.since));
  }
  if (filter.visible) query = query.where(filter.visible);
  const isAfter = sortDir === 'asc' ? sql`>` : sql`<`;
  if (sortKey === 'created_at') {
    // `seq` is roughly in the order of creation, and has an index.
    if (marker !== undefined) {
      query = query.where(sql<SqlBool>`seq ${isAfter} (select seq from jobs where id = ${marker})`);
    }
    return query.orderBy('seq', sortDir);
  }
  if (marker !== undefined) {
    query = query.where(
      sql<SqlBool>`(finished_at, seq) ${isAfter} (select finished_at, seq from jobs where id = ${marker})`,
    );
  }
  return query.where('finished_at', 'is not', null).orderBy('finished_at', sortDir).orderBy('seq', sortDir);
}
