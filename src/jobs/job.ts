import { type HttpMethod, type JsonValue, NotFound } from '@ferrule/driver-kit';
import { type Operation } from '../drivers/operation.js';

/**
 * queued → running → succeeded | failed | outcome-unknown, and queued → refused when it cannot be enqueued
 * or its lock is gone. `outcome-unknown` says that its conductor fell silent, or that the method would not
 * stop: what it did on the BMC nobody knows, and it is never run again.
 */
export const JOB_STATES = ['queued', 'running', 'succeeded', 'failed', 'refused', 'outcome-unknown'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** How a job that ran can end. */
export type EndState = Extract<JobState, 'succeeded' | 'failed' | 'outcome-unknown'>;

export interface JobError {
  /** Stable, for programs. */
  readonly code: string;
  readonly message: string;
}

/** A method's last report. */
export interface StoredProgress {
  /** 0 to 100. */
  readonly percent: number | null;
  readonly message: string | null;
}

/** The record of one asynchronous call. */
export interface Job {
  readonly id: string;
  readonly state: JobState;
  readonly driver: string;
  readonly operation: Operation;
  readonly httpMethod: HttpMethod;
  readonly nodeUuid: string | null;
  readonly requestId: string;
  readonly progress: StoredProgress | null;
  readonly result: JsonValue;
  readonly error: JobError | null;
  /** The method made a file. */
  readonly hasAttachment: boolean;
  readonly conductor: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** 404 below `/v1/jobs`. */
export class JobNotFound extends NotFound {
  override readonly code = 'JobNotFound';
  constructor(id: string) {
    super(`Job ${id} could not be found.`);
  }
}

/** What a job runs, of its columns: jobs are calls of vendor interfaces only. */
export function operationOf(row: { readonly vendor_interface: string; readonly method: string }): Operation {
  return { kind: 'vendor', interface: row.vendor_interface, name: row.method };
}
