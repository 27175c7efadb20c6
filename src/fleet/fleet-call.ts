import { Conflict, type HttpMethod, NotFound } from '@ferrule/driver-kit';
import { type Caller } from '../auth/caller.js';
import { uuidOf } from '../http/query/uuid.js';
import { shortened } from '../text/listed.js';

/** On which processes tell each other that a fleet call has changed. */
export const CHANNEL = 'ferrule_fleet_calls';

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

/** Who calls what, without the node. */
export interface FleetRequest extends FleetMethod {
  /** Of the fleet call. */
  readonly id: string;
  readonly caller: Caller;
  readonly requestId: string;
  readonly remoteAddress: string | undefined;
}

/** A fleet call that has not ended, as the process that runs it needs it. */
export interface OpenFleetCall extends FleetRequest, FleetRules {
  readonly nodes: number;
}

export class FleetCallNotFound extends NotFound {
  override readonly code = 'FleetCallNotFound';
  constructor(id: string) {
    const isId = uuidOf(id) !== undefined;
    super(
      isId
        ? `Fleet call ${id} could not be found.`
        : `There is no fleet call '${shortened(id)}': an id is a UUID.`,
    );
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
