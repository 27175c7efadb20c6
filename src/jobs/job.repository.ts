import { type HttpMethod } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type RawBuilder, type Selectable, sql, type SqlBool } from 'kysely';
import { ANYONE } from '../auth/caller.js';
import { type Ownership } from '../auth/policy/defaults/personas.js';
import { Database } from '../database/database.js';
import { type JobAttachmentsTable, type JobsTable } from '../database/tables.js';
import {
  type CalledJob,
  type Job,
  type JobError,
  type JobOwner,
  operationOf,
  type StoredProgress,
} from './job.js';
import { type JobState } from './job-state.js';

/** Results of a page in characters; the page ends with the job that exceeds it. */
const PAGE_SIZE = 8_000_000;
/** Bytes of results, as PostgreSQL stores them, that are read at once; compressed ones may be some times larger. */
const READ_SIZE = 1_000_000;

const COLUMNS = [
  'id',
  'state',
  'driver',
  'vendor_interface',
  'method',
  'http_method',
  'node_uuid',
  'request_id',
  'caller',
  'progress',
  'error',
  'has_attachment',
  'conductor',
  'created_at',
  'started_at',
  'finished_at',
  'cancel_requested_at',
  'cancel_requested_by',
] as const;

type JobRow = Pick<Selectable<JobsTable>, (typeof COLUMNS)[number]> & {
  readonly ownership: Ownership | null;
};

const OWNERSHIP = sql<Ownership | null>`
  (select json_build_object('owner', owner, 'lessee', lessee) from nodes where nodes.id = jobs.node_id)`.as(
  'ownership',
);

/** JSON text, so that it need not be parsed. */
const RESULT = sql<string | null>`result::text`.as('result');
const STORED_SIZE = sql<number | null>`pg_column_size(result)`.as('stored_size');

export interface JobFilter {
  readonly nodeUuid?: string | undefined;
  readonly state?: JobState | undefined;
  readonly marker?: string | undefined;
  readonly limit: number;
  /** Undefined if the caller may see all. */
  readonly visible: RawBuilder<SqlBool> | undefined;
}

export interface JobPage {
  readonly jobs: readonly Job[];
  /** Whether the page may have a successor: it has as many jobs as asked for, or their results are large. */
  readonly isFull: boolean;
}

export interface ProgressRow {
  readonly id: string;
  readonly adoption: number;
  /** JSON text. */
  readonly progress: string;
}

/** Skips jobs that are about to end: the statement that ends a job writes its progress, too. */
const STORE_PROGRESS = {
  name: 'job-progress',
  text: `
    with asked as materialized (
      select jobs.id, asked.progress
      from unnest($1::uuid[], $2::int[], $3::text[]) as asked (id, adoption, progress)
        join jobs on jobs.id = asked.id and jobs.adoptions = asked.adoption
      where jobs.state || '' = 'running' order by jobs.id for update of jobs skip locked)
    update jobs set progress = asked.progress::json from asked where jobs.id = asked.id`,
};

type OwnerRow = Pick<Selectable<JobsTable>, 'id' | 'request_id' | 'caller' | 'node_uuid' | 'trace'>;

const OWNERS = {
  name: 'job-owners',
  text: 'select id, request_id, caller, node_uuid, trace from jobs where id = any ($1::uuid[])',
};

const DELETE_ENDED = {
  name: 'job-delete-ended',
  text: `
    delete from jobs where id in (
      select id from jobs where finished_at < now() - $1 * interval '1 second' order by finished_at limit $2
      for update skip locked)
    returning id`,
};

@Injectable()
export class JobRepository {
  constructor(private readonly database: Database) {}

  /** @param visible SQL: whether the caller may see the job. */
  async find(id: string, visible: RawBuilder<SqlBool> = sql`true`): Promise<Job | undefined> {
    const row = await this.database.kysely
      .selectFrom('jobs')
      .select([...COLUMNS, OWNERSHIP, RESULT])
      .where('id', '=', id)
      .where(visible)
      .executeTakeFirst();
    return row && jobOf(row, row.result);
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
      .select(['state', 'driver', 'vendor_interface', 'method', 'node_uuid', 'caller', OWNERSHIP])
      .where('id', '=', id)
      .where(visible)
      .executeTakeFirst();
    return (
      row && {
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
  async owners(ids: readonly string[]): Promise<JobOwner[]> {
    if (ids.length === 0) return [];
    const rows = await this.database.query<OwnerRow>(OWNERS, [ids]).catch((): OwnerRow[] => []);
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

  /** For running jobs, each in the adoption that it names. A crash of PostgreSQL may undo it. */
  async storeProgress(rows: readonly ProgressRow[]): Promise<void> {
    await this.database.relaxed.query(STORE_PROGRESS, [
      rows.map(({ id }) => id),
      rows.map(({ adoption }) => adoption),
      rows.map(({ progress }) => progress),
    ]);
  }

  /**
   * @param seconds minimum time since the end of a job.
   * @returns how many were deleted.
   */
  async deleteEnded(seconds: number, limit: number): Promise<number> {
    return (await this.database.query(DELETE_ENDED, [seconds, limit])).length;
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

function jobOf(row: JobRow, result: string | null): Job {
  return {
    id: row.id,
    state: row.state as JobState,
    driver: row.driver,
    operation: operationOf(row),
    httpMethod: row.http_method as HttpMethod,
    nodeUuid: row.node_uuid,
    ownership: row.ownership,
    requestId: row.request_id,
    caller: row.caller?.name ?? null,
    callerId: row.caller?.id ?? null,
    progress: row.progress as StoredProgress | null,
    result,
    error: row.error as JobError | null,
    hasAttachment: row.has_attachment,
    conductor: row.conductor,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    cancelRequestedAt: row.cancel_requested_at,
    cancelRequestedBy: row.cancel_requested_by,
  };
}
