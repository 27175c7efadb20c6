import { CLASS_KINDS } from '@ferrule/driver-kit/host';
import { format } from 'node:util';
import { Conflict, type HttpMethod, type JsonObject, NotFound } from '@ferrule/driver-kit';
import { type Caller } from '../../auth/caller.js';
import { type Ownership } from '../../auth/policy/defaults/personas.js';
import { identityText } from '../../auth/request-identity.js';
import { type Operation, operationText } from '../../drivers/operation.js';
import { type LoggedLine } from '../../logging/logged-line.js';
import { requestLine } from '../../logging/request-line.js';
import { type JobState } from '../../database/job-state.js';

export interface JobError {
  readonly code: string;
  readonly message: string;
}

export interface StoredProgress {
  readonly percent: number | null;
  readonly message: string | null;
}

/** One report of a method. */
export interface ShownLine extends StoredProgress {
  /** The number of the attempt that it was made in. */
  readonly attempt: number;
  readonly at: string;
}

export interface Job {
  readonly id: string;
  readonly state: JobState;
  readonly driver: string;
  readonly operation: Operation;
  readonly httpMethod: HttpMethod;
  readonly nodeUuid: string | null;
  /** Without secrets; a text if they were too many to keep, and null if an earlier version accepted the job. */
  readonly args: JsonObject | string | null;
  /** Of its exclusive lock; null without one. */
  readonly fence: number | null;
  /** Of the node; null for a driver-level call and for a deleted node. */
  readonly ownership: Ownership | null;
  readonly requestId: string;
  /** Name of the caller. */
  readonly caller: string | null;
  /** Tells callers of the same name apart. */
  readonly callerId: string | null;
  readonly progress: StoredProgress | null;
  /** The last reports, oldest first; undefined where they were not read. */
  readonly progressLines?: readonly ShownLine[];
  /** JSON text; null until the job succeeded. */
  readonly result: string | null;
  readonly error: JobError | null;
  readonly hasAttachment: boolean;
  readonly conductor: string | null;
  /** How often a conductor took it; its method was called at most once. */
  readonly attempts: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly cancelRequestedAt: string | null;
  /** Name of the caller that asked first. */
  readonly cancelRequestedBy: string | null;
  /** Id of its fleet call. */
  readonly fleetCall: string | null;
}

/** What was called by whom, and how far it is. */
export type CalledJob = Pick<
  Job,
  'id' | 'state' | 'driver' | 'operation' | 'nodeUuid' | 'ownership' | 'callerId'
>;

export class JobNotFound extends NotFound {
  override readonly code = 'JobNotFound';
  constructor(id: string) {
    super(`Job ${id} could not be found.`);
  }
}

/** 409: a job that has ended otherwise cannot be cancelled. */
export class JobEnded extends Conflict {
  override readonly code = 'JobEnded';
  constructor(id: string, state: string) {
    super(`Job ${id} has ended as ${state}, so it cannot be cancelled.`);
  }
}

/** The end of a job whose method was not called; its node has no error for it. */
export const CANCELLED_BEFORE = {
  state: 'cancelled',
  error: { code: 'JobCancelled', message: 'The job was cancelled before its method was called.' },
} as const;

const LAST_ERROR_LENGTH = 4096;

/** Ironic's wording of a node's `last_error`: the method and the message. */
export const LAST_ERROR = 'Async execution of %s failed with error: %s';

export function lastErrorOf(method: string, message: string): string {
  return storable(format(LAST_ERROR, method, message));
}

/** The cut may divide a character in two. */
function storable(text: string): string {
  return text.slice(0, LAST_ERROR_LENGTH).toWellFormed().replaceAll('\0', '\uFFFD');
}

/** Of a failed operation; Ironic's wording for a power change, too. */
export function operationError(
  { kind, name }: Operation,
  args: Readonly<Record<string, unknown>>,
  message: string,
): string {
  if (kind !== 'power') return lastErrorOf(name, message);
  return storable(`Failed to change power state to '${String(args['target'])}'. Error: ${message}`);
}

export function operationOf(row: {
  readonly kind: string;
  readonly vendor_interface: string;
  readonly method: string;
}): Operation {
  const kind = CLASS_KINDS.find((each) => each === row.kind) ?? 'vendor';
  return { kind, interface: row.vendor_interface, name: row.method };
}

interface JobSubject {
  readonly operation: Operation;
  readonly nodeUuid: string | null;
  readonly driver: string;
  readonly requestId: string;
  readonly caller: Pick<Caller, 'name'> & Partial<Pick<Caller, 'id'>>;
}

export function jobText({ operation, nodeUuid, driver, requestId, caller }: JobSubject): string {
  const target = nodeUuid === null ? `driver ${driver}` : `node ${nodeUuid}`;
  return `${operationText(operation)} on ${target}, ${identityText({ requestId, caller })}`;
}

/** What log lines of a job name. */
export interface LoggedJob extends Partial<Pick<JobSubject, 'requestId' | 'caller'>> {
  readonly id: string;
  readonly nodeUuid?: string | null;
  /** W3C's traceparent. */
  readonly trace?: string | null;
}

/** A log line of a job, with its request, caller, node and trace. */
export function jobLine(
  text: string,
  { id, requestId, caller, nodeUuid, trace = null }: LoggedJob,
): LoggedLine {
  const node = typeof nodeUuid === 'string' ? { uuid: nodeUuid } : null;
  return requestLine(text, { requestId, caller, job: id, node, trace });
}
