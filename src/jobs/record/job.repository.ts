import { Injectable } from '@nestjs/common';
import { type RawBuilder, type Selectable, sql, type SqlBool } from 'kysely';
import { ANYONE } from '../../auth/caller.js';
import { Database } from '../../database/database.js';
import { keepLines } from '../../database/progress-lines.js';
import { type JobAttachmentsTable, type JobsTable } from '../../database/tables.js';
import { type CalledJob, type Job, type LoggedJob, operationOf } from './job.js';
import { type RoutedJob } from '../queue/job-queues.js';
import { COLUMNS, jobOf, OWNERSHIP, PROGRESS_LINES, RESULT } from './job-row.js';
import { type JobState } from '../../database/job-state.js';

export interface Retention {
  readonly seconds: number;
  readonly count?: number | undefined;
}

export interface ProgressRow {
  readonly id: string;
  readonly adoption: number;
  /** JSON text. */
  readonly progress: string;
  /** For `keepLines`. */
  readonly lines: string;
}

/** Skips jobs that are about to end: the statement that ends a job writes its progress, too. */
const STORE_PROGRESS = {
  name: 'job-progress',
  text: `
    with asked as materialized (
      select jobs.id, adoption, asked.progress, lines
      from unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) as asked (id, adoption, progress, lines)
        join jobs on jobs.id = asked.id and jobs.adoptions = asked.adoption
      where jobs.state || '' = 'running' order by jobs.id for update of jobs skip locked),
    kept as (${keepLines('asked')})
    update jobs set progress = asked.progress::json from asked where jobs.id = asked.id returning jobs.id`,
};

type LoggedRow = Pick<Selectable<JobsTable>, 'id' | 'request_id' | 'caller' | 'node_uuid' | 'trace'>;

const LOGGED = {
  name: 'job-logged',
  text: 'select id, request_id, caller, node_uuid, trace from jobs where id = any ($1::uuid[])',
};

/** Entries of an index are counted, as many as jobs are kept. */
const KEPT_SINCE = {
  name: 'job-kept-since',
  text: `
    select greatest(
      now() - $1 * interval '1 second',
      case when $2::bigint is not null then
        (select finished_at from jobs where finished_at is not null order by finished_at desc offset $2 - 1 limit 1)
      end) as time`,
};

const DELETE_ENDED = {
  name: 'job-delete-ended',
  text: `
    with deleted as (
      delete from jobs where id in (
        select id from jobs
        where finished_at >= $4 and finished_at < $1
          and not ($3 and exists (select from webhook_deliveries where job_id = jobs.id))
        order by finished_at limit $2
        for update skip locked)
      returning finished_at)
    select count(*)::int as count, max(finished_at) as last from deleted`,
};

const ROUTED = {
  name: 'jobs-routed',
  text: `
    select jobs.id, driver, conductor_group as "group"
    from unnest($1::uuid[]) with ordinality asked (id, place) join jobs on jobs.id = asked.id
    where state = 'queued' order by place`,
};

@Injectable()
export class JobRepository {
  constructor(private readonly database: Database) {}

  /**
   * With its progress lines.
   * @param visible SQL: whether the caller may see the job.
   */
  async find(id: string, visible: RawBuilder<SqlBool> = sql`true`): Promise<Job | undefined> {
    const row = await this.database.kysely
      .selectFrom('jobs')
      .select([...COLUMNS, OWNERSHIP, RESULT, PROGRESS_LINES])
      .where('id', '=', id)
      .where(visible)
      .executeTakeFirst();
    return row && { ...jobOf(row, row.result), progressLines: row.progress_lines };
  }

  /** Those that are queued, in the order of the ids. */
  async routed(ids: readonly string[]): Promise<RoutedJob[]> {
    return this.database.hot.query<RoutedJob & Record<string, unknown>>(ROUTED, [ids]);
  }

  async exists(id: string, visible: RawBuilder<SqlBool> = sql`true`): Promise<boolean> {
    const row = await this.database.kysely
      .selectFrom('jobs')
      .select('id')
      .where('id', '=', id)
      .where(visible)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Without its result. */
  async findCalled(id: string, visible: RawBuilder<SqlBool> = sql`true`): Promise<CalledJob | undefined> {
    const row = await this.database.kysely
      .selectFrom('jobs')
      .select(['state', 'driver', 'kind', 'vendor_interface', 'method', 'node_uuid', 'caller', OWNERSHIP])
      .where('id', '=', id)
      .where(visible)
      .executeTakeFirst();
    return (
      row && {
        id,
        state: row.state as JobState,
        driver: row.driver,
        operation: operationOf(row),
        nodeUuid: row.node_uuid,
        ownership: row.ownership,
        callerId: row.caller?.id ?? null,
      }
    );
  }

  /** For log lines. Never rejects: a job whose row cannot be read has only its id. */
  async logged(ids: readonly string[]): Promise<LoggedJob[]> {
    if (ids.length === 0) return [];
    const rows = await this.database.query<LoggedRow>(LOGGED, [ids]).catch((): LoggedRow[] => []);
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => {
      const row = found.get(id);
      if (!row) return { id };
      const { request_id: requestId, caller, node_uuid: nodeUuid, trace } = row;
      return { id, requestId, caller: caller ?? ANYONE, nodeUuid, trace };
    });
  }

  async attachment(id: string): Promise<Selectable<JobAttachmentsTable> | undefined> {
    return this.database.kysely
      .selectFrom('job_attachments')
      .selectAll()
      .where('job_id', '=', id)
      .executeTakeFirst();
  }

  /**
   * For running jobs, each in the adoption that it names. A crash of PostgreSQL may undo it.
   * @returns the ids of those whose progress was stored.
   */
  async storeProgress(rows: readonly ProgressRow[]): Promise<string[]> {
    const stored = await this.database.relaxed.query<{ id: string }>(STORE_PROGRESS, [
      rows.map(({ id }) => id),
      rows.map(({ adoption }) => adoption),
      rows.map(({ progress }) => progress),
      rows.map(({ lines }) => lines),
    ]);
    return stored.map(({ id }) => id);
  }

  /** Since when jobs must have ended to be kept: for `seconds`, and the newest `count`. */
  async keptSince({ seconds, count }: Retention): Promise<string> {
    const [row] = await this.database.query<{ time: string }>(KEPT_SINCE, [seconds, count ?? null]);
    if (!row) throw new Error('A statement without a table has no row.');
    return row.time;
  }

  /**
   * Deletes jobs that ended before a time, the oldest first.
   * @param keepsUndelivered leaves those that the receiver of webhooks does not know of.
   * @param since where the search before ended, so that it passes each that is left only once.
   * @returns how many were deleted, at most `limit`, and when the last of them ended.
   */
  async deleteEnded(
    before: string,
    limit: number,
    { keepsUndelivered = false, since = '-infinity' } = {},
  ): Promise<{ readonly count: number; readonly last: string }> {
    const values = [before, limit, keepsUndelivered, since];
    const [row] = await this.database.query<{ count: number; last: string | null }>(DELETE_ENDED, values);
    return { count: row?.count ?? 0, last: row?.last ?? since };
  }
}
