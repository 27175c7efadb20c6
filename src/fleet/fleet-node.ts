import { NotFound } from '@ferrule/driver-kit';
import { END_STATES } from '../database/job-state.js';

/** `waiting`, `started` while its job has not ended, then what the job ended in; `skipped`: it got none. */
export const FLEET_NODE_STATES = ['waiting', 'started', ...END_STATES, 'skipped'] as const;
export type FleetNodeState = (typeof FLEET_NODE_STATES)[number];

/** A node of a fleet call. */
export interface FleetNode {
  /** In their order, from 0. */
  readonly position: number;
  readonly nodeUuid: string;
  /** Chosen before there is a job, so that it is accepted at most once. */
  readonly jobId: string;
}

/** Of its job, or why it has none. */
export interface FleetNodeError {
  readonly code: string;
  readonly message: string;
}

export class FleetNodeNotFound extends NotFound {
  override readonly code = 'FleetNodeNotFound';
  constructor(id: string, nodeUuid: string) {
    super(`Fleet call ${id} has no node ${nodeUuid}.`);
  }
}
