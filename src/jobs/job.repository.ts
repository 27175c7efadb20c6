import { type HttpMethod, type JsonValue } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Selectable } from 'kysely';
import { Database } from '../database/database.js';
import { type JobAttachmentsTable, type JobsTable } from '../database/tables.js';
import { type Job, type JobError, type JobState, operationOf, type StoredProgress } from './job.js';

type JobRow = Selectable<JobsTable>;

export interface JobFilter {
  readonly nodeUuid?: string | undefined;
  readonly state?: JobState | undefined;
  /** Id of the last job of the previous page. */
  readonly marker?: string | undefined;
  readonly limit: number;
}

@Injectable()
export class JobRepository {
  constructor(private readonly database: Database) {}

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
    operation: operationOf(row),
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
