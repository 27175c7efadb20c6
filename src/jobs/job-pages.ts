import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { Database } from '../database/database.js';
import { type Place, type Window } from './following/position.js';
import { type Job } from './job.js';
import { COLUMNS, jobOf, type JobRow, OWNERSHIP, RESULT } from './job-row.js';
import { type JobState } from './job-state.js';

/** Results of a page in characters; the page ends with the job that exceeds it. */
const PAGE_SIZE = 8_000_000;
/** Bytes of results, as PostgreSQL stores them, that are read at once; compressed ones may be some times larger. */
const READ_SIZE = 1_000_000;

const STORED_SIZE = sql<number | null>`pg_column_size(result)`.as('stored_size');

export interface JobFilter {
  readonly nodeUuid?: string | undefined;
  readonly state?: JobState | undefined;
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
}

export interface ChangedPage {
  readonly jobs: readonly { readonly job: Job; readonly place: Place }[];
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
    let query = this.database.kysely
      .selectFrom('jobs')
      .select([...COLUMNS, OWNERSHIP, STORED_SIZE])
      .orderBy('seq', 'desc')
      .limit(filter.limit);
    if (filter.nodeUuid !== undefined) query = query.where('node_uuid', '=', filter.nodeUuid);
    if (filter.state !== undefined) query = query.where('state', '=', filter.state);
    if (filter.visible) query = query.where(filter.visible);
    const { marker } = filter;
    if (marker !== undefined) {
      query = query.where('seq', '<', (from) =>
        from.selectFrom('jobs').select('seq').where('id', '=', marker),
      );
    }
    return this.withResults(await query.execute(), filter.limit);
  }

  /** In the order of the changes. */
  async changed({ window: { since, until, after }, ...filter }: ChangeFilter): Promise<ChangedPage> {
    const { id, nodeUuid, driver, method, state, visible, limit } = filter;
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
    if (visible) query = query.where(visible);
    const rows = await query.execute();
    const { jobs, isFull } = await this.withResults(rows, limit);
    const placed = jobs.flatMap((job, index) => {
      const row = rows[index];
      return row ? [{ job, place: { change: row.change, seq: row.seq } }] : [];
    });
    return { jobs: placed, isFull };
  }

  private async withResults(
    rows: readonly (JobRow & { readonly stored_size: number | null })[],
    limit: number,
  ): Promise<JobPage> {
    const jobs: Job[] = [];
    let size = 0;
    while (jobs.length < rows.length && size <= PAGE_SIZE) {
      let stored = 0;
      const portion = rows.slice(jobs.length).filter((row, index) => {
        stored += row.stored_size ?? 0;
        return index === 0 || stored <= READ_SIZE;
      });
      const results = await this.results(portion.filter((row) => row.stored_size !== null));
      for (const row of portion) {
        if (size > PAGE_SIZE) break;
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
