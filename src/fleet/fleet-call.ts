import { Conflict, type HttpMethod, NotFound } from '@ferrule/driver-kit';
import { type Caller } from '../auth/caller.js';
import { type JobState } from '../jobs/job-state.js';

/** The last three are ends. `stopping` and `cancelling`: no more jobs are started, and some still run. */
export const FLEET_CALL_STATES = [
  'running',
  'paused',
  'stopping',
  'cancelling',
  'finished',
  'stopped',
  'cancelled',
] as const;
export type FleetCallState = (typeof FLEET_CALL_STATES)[number];

/** Of a node: `waiting`, `started` while its job has not ended, then what the job ended in; `skipped`: it got none. */
export const CHILD_STATES = [
  'waiting',
  'started',
  'succeeded',
  'failed',
  'cancelled',
  'timed-out',
  'refused',
  'outcome-unknown',
  'skipped',
] as const satisfies readonly (JobState | 'waiting' | 'started' | 'skipped')[];
export type ChildState = (typeof CHILD_STATES)[number];

/** What one call of the method is. */
export interface FleetMethod {
  readonly method: string;
  readonly httpMethod: HttpMethod;
  readonly args: Record<string, unknown>;
}

/** When the rest is skipped: at so many failures, or at so many percent of the nodes. */
export type StopAfter = number | `${number}%` | null;

export interface FleetRules {
  /** So many nodes must succeed before the others begin. */
  readonly canary: number;
  /** Jobs at the same time. */
  readonly parallelism: number;
  readonly stopAfter: StopAfter;
  /** Seconds for which a node that others have locked is tried. */
  readonly lockWait: number;
}

/** A fleet call that has not ended, as the process that drives it needs it. */
export interface OpenFleetCall extends FleetMethod, FleetRules {
  readonly id: string;
  readonly nodes: number;
  readonly caller: Caller;
  readonly requestId: string;
  readonly remoteAddress: string | undefined;
}

export interface Child {
  readonly position: number;
  readonly nodeUuid: string;
  /** Chosen before there is a job, so that it is accepted at most once. */
  readonly jobId: string;
}

export interface ChildError {
  readonly code: string;
  readonly message: string;
}

export class FleetCallNotFound extends NotFound {
  override readonly code = 'FleetCallNotFound';
  constructor(id: string) {
    super(`Fleet call ${id} could not be found.`);
  }
}

/** 409: nothing was done. */
export class FleetCallIdTaken extends Conflict {
  override readonly code = 'FleetCallIdTaken';
  constructor(id: string) {
    super(`There is a fleet call ${id} already; please choose another id.`);
  }
}

/** 409: its state does not allow it. */
export class FleetCallConflict extends Conflict {
  override readonly code = 'FleetCallState';
  constructor(id: string, state: FleetCallState, what: string) {
    super(`Fleet call ${id} is ${state}, so it cannot be ${what}.`);
  }
}

/** @returns why the rest is skipped; undefined while it goes on. */
export function stopReason(
  { canary, stopAfter, nodes }: Pick<OpenFleetCall, 'canary' | 'stopAfter' | 'nodes'>,
  { failed, failedCanary }: { readonly failed: number; readonly failedCanary: number },
): string | undefined {
  if (failedCanary > 0) return `${failedCanary} of the ${canary} canary nodes did not succeed.`;
  if (stopAfter === null || failed === 0) return undefined;
  const isOver =
    typeof stopAfter === 'number'
      ? failed >= stopAfter
      : failed * 100 >= Number.parseInt(stopAfter, 10) * nodes;
  return isOver ? `${failed} of ${nodes} nodes did not succeed, and stop_after is ${stopAfter}.` : undefined;
}
