import { type HttpMethod } from '@ferrule/driver-kit';
import { type Selectable, sql } from 'kysely';
import { type Ownership } from '../../auth/policy/defaults/personas.js';
import { MOST_LINES } from '../../database/progress-lines.js';
import { type JobsTable } from '../../database/tables.js';
import { type Job, type JobError, operationOf, type ShownLine, type StoredProgress } from './job.js';
import { type JobState } from '../../database/job-state.js';

export const COLUMNS = [
  'id',
  'state',
  'driver',
  'kind',
  'vendor_interface',
  'method',
  'http_method',
  'node_uuid',
  'shown_args',
  'lock_fence',
  'request_id',
  'caller',
  'progress',
  'error',
  'has_attachment',
  'conductor',
  'adoptions',
  'created_at',
  'started_at',
  'finished_at',
  'cancel_requested_at',
  'cancel_requested_by',
  'fleet_call',
] as const;

export type JobRow = Pick<Selectable<JobsTable>, (typeof COLUMNS)[number]> & {
  readonly ownership: Ownership | null;
};

export const OWNERSHIP = sql<Ownership | null>`
  (select json_build_object('owner', owner, 'lessee', lessee) from nodes where nodes.id = jobs.node_id)`.as(
  'ownership',
);

/** JSON text, so that it need not be parsed. */
export const RESULT = sql<string | null>`result::text`.as('result');

/** Oldest first. The text of the time is that of columns of this type. */
export const PROGRESS_LINES = sql<ShownLine[]>`
  (select coalesce(json_agg(json_build_object('attempt', attempt, 'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
                                              'percent', percent, 'message', message) order by attempt, number), '[]')
   from (select * from job_progress where job_id = jobs.id order by attempt desc, number desc limit ${sql.lit(MOST_LINES)}) last)`.as(
  'progress_lines',
);

/** @param result JSON text. */
export function jobOf(row: JobRow, result: string | null): Job {
  return {
    id: row.id,
    state: row.state as JobState,
    driver: row.driver,
    operation: operationOf(row),
    httpMethod: row.http_method as HttpMethod,
    nodeUuid: row.node_uuid,
    args: row.shown_args,
    fence: row.lock_fence === null ? null : Number(row.lock_fence),
    ownership: row.ownership,
    requestId: row.request_id,
    caller: row.caller?.name ?? null,
    callerId: row.caller?.id ?? null,
    progress: row.progress as StoredProgress | null,
    result,
    error: row.error as JobError | null,
    hasAttachment: row.has_attachment,
    conductor: row.conductor,
    attempts: row.adoptions,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    cancelRequestedAt: row.cancel_requested_at,
    cancelRequestedBy: row.cancel_requested_by,
    fleetCall: row.fleet_call,
  };
}
