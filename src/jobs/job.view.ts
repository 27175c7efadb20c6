import { type JsonValue } from '@ferrule/driver-kit';
import { type Link, linkPair } from '../http/links.js';
import { type Job, type JobError, type JobState } from './job.js';

/** A job on the wire. */
export interface JobView {
  readonly id: string;
  readonly state: JobState;
  readonly node: string | null;
  readonly driver: string;
  readonly vendor_interface: string;
  readonly method: string;
  readonly http_method: string;
  readonly progress: JsonValue;
  readonly result: JsonValue;
  /** Where the file is that the method made; null when it made none. */
  readonly attachment: string | null;
  readonly error: JobError | null;
  readonly request_id: string;
  readonly conductor: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly links: readonly Link[];
}

export function jobView(job: Job, base: string): JobView {
  return {
    id: job.id,
    state: job.state,
    node: job.nodeUuid,
    driver: job.driver,
    vendor_interface: job.vendorInterface,
    method: job.method,
    http_method: job.httpMethod,
    progress: job.progress,
    result: job.result,
    attachment: job.hasAttachment ? `${base}/v1/jobs/${job.id}/attachment` : null,
    error: job.error,
    request_id: job.requestId,
    conductor: job.conductor,
    created_at: job.createdAt,
    started_at: job.startedAt,
    finished_at: job.finishedAt,
    links: linkPair(base, `jobs/${job.id}`),
  };
}
