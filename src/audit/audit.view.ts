import { z } from 'zod';
import { AUDIT_EVENTS, NOT_RUN } from './audit-record.js';
import { type StoredRecord } from './chain.js';

export const AuditView = z.object({
  seq: z.number().describe('The number of the record; there are no gaps.'),
  at: z.string().describe('RFC 3339 in UTC with microseconds.'),
  event: z
    .enum(AUDIT_EVENTS)
    .describe(
      '`begin`: a change is about to be made; `end`: its outcome; `call`: a call that only reads, or got no lock, with its outcome; ' +
        '`denied`: the policy refused it; `job`: the end of a job; `forgotten`: old records were deleted; `off`: a process began without the audit; `on`: the first one with it again.',
    ),
  action: z.string().describe('For example `baremetal:node:vendor_passthru`.'),
  request_id: z.string().optional(),
  caller: z.string().optional().describe('Name of the caller, which others may have, too.'),
  caller_id: z
    .string()
    .optional()
    .describe(
      'Tells callers apart: `keystone:` and the id of the user, or for example `token:` and the name.',
    ),
  known_by: z.string().optional(),
  project_id: z.string().optional(),
  remote_address: z
    .string()
    .optional()
    .describe('The address from which the request came; that of the client, if a trusted proxy names it.'),
  node: z.string().optional().describe('UUID of the node.'),
  resource: z
    .string()
    .optional()
    .describe('What was changed, if not the node itself: for example `chassis/` and its UUID.'),
  driver: z.string().optional(),
  vendor_interface: z.string().optional(),
  method: z.string().optional(),
  http_method: z.string().optional(),
  arguments: z.unknown().optional().describe('Without secrets.'),
  decision: z.enum(['allowed', 'denied']).optional(),
  rule: z
    .string()
    .optional()
    .describe(
      'The rule of the policy that decided, if it was not the default. A change of several fields may need several, with commas between.',
    ),
  status: z.number().optional().describe('HTTP status of the answer.'),
  error: z.string().optional().describe('Code of the error.'),
  job: z.string().optional(),
  state: z.string().optional().describe('The state in which the job ended.'),
  fleet_call: z
    .string()
    .optional()
    .describe('Id of the fleet call that was made, paused, resumed or cancelled.'),
  not_run: z
    .enum(NOT_RUN)
    .optional()
    .describe(
      'Why the method was not run: the answer of an earlier call was sent again, or only asked what would happen.',
    ),
  left_out: z
    .number()
    .optional()
    .describe(
      'Denials of the caller within a minute that have no record of their own, since there were too many.',
    ),
  missing_since: z
    .string()
    .optional()
    .describe('Since when records may be missing up to this one, in UTC as `at`.'),
  last_seq: z.number().optional().describe('The last record that was deleted.'),
  last_hash: z.string().optional().describe('The hash of that one, which the oldest record builds on.'),
  hash: z
    .string()
    .describe('SHA-256, in hexadecimal, of the hash before as bytes, then seq, at and the record as text.'),
});
export type AuditView = z.output<typeof AuditView>;

/** The record as it is stored, between what is beside it; also a line of the export. */
export function recordJson({ seq, at, record, hash }: StoredRecord): string {
  return `{"seq":${seq},"at":${JSON.stringify(at)},${record.slice(1, -1)},"hash":"${hash.toString('hex')}"}`;
}
