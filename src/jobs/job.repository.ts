import { type HttpMethod, type JsonValue } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Selectable } from 'kysely';
import { Conductor } from '../conductors/conductor.js';
import { Database } from '../database/database.js';
import { type JobAttachmentsTable, type JobsTable } from '../database/tables.js';
import { type Reservation } from '../reservations/reservation.js';
import { type EndState, type Job, type JobError, type JobState, type StoredProgress } from './job.js';
import * as sql from './job.statements.js';

type JobRow = Selectable<JobsTable>;

/** What an async call asks for. */
export interface NewJob {
  readonly id: string;
  readonly driver: string;
  readonly vendorInterface: string;
  readonly method: string;
  readonly httpMethod: HttpMethod;
  readonly node: { readonly id: string; readonly uuid: string } | null;
  /** As the caller sent them, and checked. */
  readonly args: Record<string, unknown>;
  readonly requestId: string;
}

/** A job that this conductor runs, with what it needs to. */
export interface AdoptedJob extends Job {
  readonly nodeId: string | null;
  readonly args: Record<string, unknown>;
  /** Token and fence of the exclusive lock, when the method has one. */
  readonly lock: { readonly token: string; readonly fence: string } | null;
}

/** How a job ended. */
export interface Ending {
  readonly state: EndState;
  /** JSON text. */
  readonly result: string | null;
  readonly error: JobError | null;
  /** JSON text of the last progress; null when there was none. */
  readonly progress: string | null;
  /** What the node's last_error becomes; null clears what passthru wrote. */
  readonly lastError: string | null;
  readonly attachment: { contentType: string; filename: string | null; body: Buffer } | null;
}

export interface JobFilter {
  readonly nodeUuid?: string | undefined;
  readonly state?: JobState | undefined;
  /** Id of the last job of the page before. */
  readonly marker?: string | undefined;
  readonly limit: number;
}

@Injectable()
export class JobRepository {
  constructor(
    private readonly database: Database,
    private readonly conductor: Conductor,
  ) {}

  /** Writes the job and gives it the call's lock; false when that lock is gone. */
  async insert(job: NewJob, reservation: Reservation | undefined): Promise<boolean> {
    const values = [
      job.id,
      job.driver,
      job.vendorInterface,
      job.method,
      job.httpMethod,
      job.node?.id ?? null,
      job.node?.uuid ?? null,
      JSON.stringify(job.args),
      job.requestId,
    ];
    const rows = reservation
      ? await this.database.query(sql.INSERT_WITH_LOCK, [...values, reservation.token])
      : await this.database.query(sql.INSERT, values);
    return rows.length === 1;
  }

  /** The job, now running here; undefined when it is not queued any more or its lock is gone. */
  async adopt(id: string): Promise<AdoptedJob | undefined> {
    const [row] = await this.database.query<JobRow & { fence: string | null }>(sql.ADOPT, [
      id,
      this.conductor.life.id,
      this.conductor.hostname,
    ]);
    if (!row) return undefined;
    const { reservation_token: token, fence } = row;
    const lock = token !== null && fence !== null ? { token, fence } : null;
    return { ...jobOf(row), nodeId: row.node_id, args: row.args, lock };
  }

  async giveBack(id: string): Promise<void> {
    await this.database.query(sql.GIVE_BACK, [id, this.conductor.life.id]);
  }

  async refuse(id: string, error: JobError): Promise<void> {
    await this.database.query(sql.REFUSE, [id, JSON.stringify(error)]);
  }

  async progress(id: string, progress: string): Promise<void> {
    await this.database.query(sql.PROGRESS, [id, progress]);
  }

  /** False when the job was taken away in the meantime; then nothing was written. */
  async finish(id: string, ending: Ending): Promise<boolean> {
    const { state, result, error, progress, lastError, attachment } = ending;
    const [row] = await this.database.query<{ count: number }>(sql.FINISH, [
      id,
      state,
      result,
      error && JSON.stringify(error),
      progress,
      lastError,
      attachment?.contentType ?? null,
      attachment?.filename ?? null,
      attachment?.body ?? null,
    ]);
    return row?.count === 1;
  }

  async giveUpExpired(message: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(sql.GIVE_UP_EXPIRED, [message]);
    return rows.map((row) => row.id);
  }

  async queuedFor(seconds: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(sql.QUEUED_SINCE, [seconds]);
    return rows.map((row) => row.id);
  }

  async deleteOlderThan(seconds: number): Promise<void> {
    await this.database.query(sql.DELETE_OLD, [seconds]);
  }

  async find(id: string): Promise<Job | undefined> {
    const row = await this.database.kysely
      .selectFrom('jobs')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row && jobOf(row);
  }

  async attachment(id: string): Promise<Selectable<JobAttachmentsTable> | undefined> {
    return this.database.kysely
      .selectFrom('job_attachments')
      .selectAll()
      .where('job_id', '=', id)
      .executeTakeFirst();
  }

  /** Newest first: what people look for is what just happened. */
  async list(filter: JobFilter): Promise<Job[]> {
    let query = this.database.kysely
      .selectFrom('jobs')
      .selectAll()
      .orderBy('seq', 'desc')
      .limit(filter.limit);
    if (filter.nodeUuid !== undefined) query = query.where('node_uuid', '=', filter.nodeUuid);
    if (filter.state !== undefined) query = query.where('state', '=', filter.state);
    const { marker } = filter;
    if (marker !== undefined) {
      query = query.where('seq', '<', (from) =>
        from.selectFrom('jobs').select('seq').where('id', '=', marker),
      );
    }
    return (await query.execute()).map(jobOf);
  }
}

function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    state: row.state as JobState,
    driver: row.driver,
    vendorInterface: row.vendor_interface,
    method: row.method,
    httpMethod: row.http_method as HttpMethod,
    nodeUuid: row.node_uuid,
    requestId: row.request_id,
    progress: row.progress as StoredProgress | null,
    result: row.result as JsonValue,
    error: row.error as JobError | null,
    hasAttachment: row.has_attachment,
    conductor: row.conductor,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
