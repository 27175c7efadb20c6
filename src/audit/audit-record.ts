import { printable } from '@ferrule/driver-kit/plain';
import { type Caller } from '../auth/caller.js';
import { type ActionTarget } from '../auth/policy/action-target.js';
import { type AuditRow } from '../database/transitions/audited.js';
import { type Maskable } from '../secrets/maskable.js';
import { keptArguments } from './kept-arguments.js';

/**
 * `begin`: before a change; `end`: its outcome, with the same request. `call`: a call without a begin, after it.
 * `denied`: refused by the policy. `job`: the end of a job. `forgotten`: old records were deleted.
 * `off`: a process began without the audit; `on`: the first one with it again.
 */
export const AUDIT_EVENTS = ['begin', 'end', 'call', 'denied', 'job', 'forgotten', 'off', 'on'] as const;
export type AuditEvent = (typeof AUDIT_EVENTS)[number];

export const NOT_RUN = ['replayed', 'dry_run'] as const;
export type NotRun = (typeof NOT_RUN)[number];

/** Who did what to what. */
export interface AuditSubject extends ActionTarget {
  readonly requestId?: string;
  readonly caller: Caller | null;
  /** From which the request came. */
  readonly remoteAddress?: string | undefined;
  /** For example `baremetal:node:vendor_passthru`. */
  readonly action: string;
}

export interface AuditDetails {
  readonly arguments?: Maskable | undefined;
  /** The rule of the policy that decided; null for its default. */
  readonly rule?: string | null;
  /** The HTTP status of the answer. */
  readonly status?: number;
  /** The code of an error. */
  readonly error?: string | null;
  /** That a call began. */
  readonly job?: string;
  /** Why the method of a call was not run. */
  readonly notRun?: NotRun;
  /** Denials before this one that have no record of their own. */
  readonly leftOut?: number;
  /** RFC 3339; when the audit was switched off. */
  readonly missingSince?: string;
  /** That was broken. */
  readonly lock?: BrokenLockRecord;
}

export interface BrokenLockRecord {
  readonly holder: string;
  readonly purpose: string;
  readonly caller: string | null;
  readonly job: string | null;
  readonly fence: number;
}

export function newRecord(event: AuditEvent, subject: AuditSubject, details: AuditDetails): AuditRow {
  const { action, node = null, caller } = subject;
  return { text: recordText(event, subject, details), action, node, caller: storable(caller?.name ?? null) };
}

/**
 * The keys have always the same order. Control characters are escaped, so that a terminal shows the text as it is
 * hashed.
 */
function recordText(event: AuditEvent, subject: AuditSubject, details: AuditDetails): string {
  const { caller } = subject;
  const text = JSON.stringify({
    event,
    action: subject.action,
    request_id: subject.requestId,
    caller: caller === null ? undefined : (caller.name ?? undefined),
    caller_id: caller?.id ?? undefined,
    known_by: caller?.knownBy,
    project_id: caller?.projectId ?? undefined,
    remote_address: subject.remoteAddress,
    node: subject.node ?? undefined,
    resource: subject.resource,
    driver: subject.driver,
    vendor_interface: subject.vendorInterface,
    method: subject.method,
    http_method: subject.httpMethod,
    arguments: keptArguments(details.arguments),
    decision: event === 'denied' ? 'denied' : event === 'begin' || event === 'call' ? 'allowed' : undefined,
    rule: details.rule ?? undefined,
    status: details.status,
    error: details.error ?? undefined,
    job: subject.job ?? details.job,
    fleet_call: subject.fleetCall,
    not_run: details.notRun,
    left_out: details.leftOut || undefined,
    missing_since: details.missingSince,
    lock: details.lock,
  });
  // JSON has NUL and halves of characters as escapes, also in keys.
  return printable(text.replaceAll(UNSTORABLE_ESCAPES, '$1\ufffd'));
}

const UNSTORABLE_ESCAPES = /((?<!\\)(?:\\\\)*)\\u(?:0000|d[89a-f][\da-f]{2})/g;

/** As the record has it. */
function storable(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().replaceAll('\0', '\ufffd');
}
