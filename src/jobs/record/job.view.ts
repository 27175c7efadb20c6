import { CLASS_KINDS } from '@ferrule/driver-kit/host';
import { z } from 'zod';
import { type Action } from '../../auth/policy/defaults/actions.js';
import { operationAction, passthruAction } from '../../drivers/operation.js';
import { etagOf } from '../../http/etag.js';
import { linkPair } from '../../http/links.js';
import { type Job, type StoredProgress } from './job.js';
import { JOB_STATES } from '../../database/job-state.js';

const Timestamp = z.string().describe('RFC 3339 in UTC with microseconds.');

const STATE =
  '`cancelled`: it was cancelled before its method was called, or its method was stopped because of that. ' +
  '`timed-out`: its method was stopped at its time limit. What a stopped method had already done remains. ' +
  '`outcome-unknown`: the method may or may not have had its effect: its conductor died, stopped or lost its lease, ' +
  'its lock was broken, it did not stop when it was aborted, the answer of the hardware was lost, the hardware may still ' +
  'be at work on it, or its result could not be stored.';

export const JobView = z.object({
  id: z.string(),
  state: z.enum(JOB_STATES).describe(STATE),
  node: z.string().nullable().describe('UUID of the node; null for a driver-level call.'),
  driver: z.string(),
  kind: z.enum(CLASS_KINDS).describe('Of the interface: `power` for changes of the power state.'),
  vendor_interface: z.string().describe('Name of the interface, of whichever kind.'),
  method: z.string(),
  http_method: z.string(),
  args: z
    .union([z.record(z.string(), z.unknown()), z.string()])
    .nullable()
    .describe(
      'The arguments; secret values are `******`. A text if they are too long to keep, or for those who may not see the result. Null for jobs that an earlier version accepted.',
    ),
  progress: z
    .object({ percent: z.number().nullable(), message: z.string().nullable() })
    .nullable()
    .describe("The method's last report."),
  progress_lines: z
    .array(
      z.object({
        attempt: z.number().int(),
        at: Timestamp,
        percent: z.number().nullable(),
        message: z.string().nullable(),
      }),
    )
    .optional()
    .describe("The method's last 100 reports, oldest first. Only where one job is asked for."),
  result: z
    .unknown()
    .describe(
      'What the method returned; null until it succeeded. For the caller, and for those who may call the method with any arguments; others get a text that says so.',
    ),
  attachment: z
    .string()
    .nullable()
    .describe('The URL of the file that the method returned; null if it returned none.'),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  request_id: z.string(),
  caller: z.string().nullable().describe('Name of the caller; null without authentication.'),
  conductor: z.string().nullable().describe('Host that runs or ran it.'),
  fence: z
    .number()
    .int()
    .nullable()
    .describe(
      'Of the exclusive lock that it got: higher than that of each earlier lock of the node. Null without one.',
    ),
  attempts: z
    .number()
    .int()
    .describe(
      'How often a conductor took it. It returns to the queue while its method was not called, which is at most once.',
    ),
  created_at: Timestamp,
  started_at: Timestamp.nullable(),
  finished_at: Timestamp.nullable(),
  cancel_requested_at: Timestamp.nullable().describe('When somebody asked to cancel it.'),
  cancel_requested_by: z
    .string()
    .nullable()
    .describe('Name of the caller that asked first; null without authentication.'),
  fleet_call: z.string().nullable().describe('Id of the fleet call that it is a part of; null for others.'),
  links: z.array(z.object({ href: z.string(), rel: z.string() })),
});
export type JobView = z.output<typeof JobView>;

/** The parts of a job that its reader may see, who knows in any case that it is there. */
export interface JobSight {
  /** Result and all messages of progress. */
  readonly hasOutcome: boolean;
  /** The message of the error. */
  readonly hasError: boolean;
}

interface JobParts {
  readonly before: string;
  readonly result: string;
  readonly after: string;
}

/** JSON of a job. */
export function jobJson(job: Job, base: string, sight: JobSight): Buffer {
  return joined(partsOf(job, base, sight));
}

/** Its `ETag` is made without the result, which is null until the end and never changes after it. */
export function taggedJobJson(
  job: Job,
  base: string,
  sight: JobSight,
): { readonly json: Buffer; readonly etag: string } {
  const parts = partsOf(job, base, sight);
  return { json: joined(parts), etag: etagOf(`${parts.before}${parts.after}${sight.hasOutcome}`) };
}

/** Without what its method returned and reported. */
export function jobSummary(job: Job, base: string): Partial<JobView> {
  return { ...callOf(job), ...recordOf(job, base), error: job.error };
}

function joined({ before, result, after }: JobParts): Buffer {
  return Buffer.from(`${before.slice(0, -1)},"result":${result},${after.slice(1)}`);
}

/** In the place of what a reader may not see. */
export function hiddenText(action: Action): string {
  return `** Hidden: it needs the permission ${action} for any arguments. **`;
}

function actionOf({ operation, nodeUuid }: Job): Action {
  if (operation.kind !== 'vendor') return operationAction(operation);
  return passthruAction(nodeUuid === null ? 'driver' : 'node');
}

/** The result is stored as JSON text and is not parsed, since it may be large. */
function partsOf(job: Job, base: string, { hasOutcome, hasError }: JobSight): JobParts {
  const { progress, error } = job;
  const hidden = hiddenText(actionOf(job));
  const result = hasOutcome || job.result === null ? job.result : JSON.stringify(hidden);
  const shown = <P extends StoredProgress>(report: P): P =>
    hasOutcome || !report.message ? report : { ...report, message: hidden };
  const before = JSON.stringify({
    ...callOf(job),
    args: hasOutcome ? job.args : hidden,
    progress: progress && shown(progress),
    progress_lines: job.progressLines?.map(shown),
  } satisfies Partial<JobView>);
  const { attachment, ...record } = recordOf(job, base);
  const after = JSON.stringify({
    attachment,
    error: hasError || !error ? error : { ...error, message: hidden },
    ...record,
  } satisfies Partial<JobView>);
  return { before, result: result ?? 'null', after };
}

function callOf(job: Job) {
  return {
    id: job.id,
    state: job.state,
    node: job.nodeUuid,
    driver: job.driver,
    kind: job.operation.kind,
    vendor_interface: job.operation.interface,
    method: job.operation.name,
    http_method: job.httpMethod,
  } satisfies Partial<JobView>;
}

function recordOf(job: Job, base: string) {
  return {
    attachment: job.hasAttachment ? `${base}/v1/jobs/${job.id}/attachment` : null,
    request_id: job.requestId,
    caller: job.caller,
    conductor: job.conductor,
    fence: job.fence,
    attempts: job.attempts,
    created_at: job.createdAt,
    started_at: job.startedAt,
    finished_at: job.finishedAt,
    cancel_requested_at: job.cancelRequestedAt,
    cancel_requested_by: job.cancelRequestedBy,
    fleet_call: job.fleetCall,
    links: linkPair(base, `jobs/${job.id}`).map(({ href, rel }) => ({ href, rel })),
  } satisfies Partial<JobView>;
}
