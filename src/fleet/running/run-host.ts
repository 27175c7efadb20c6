import { type Served } from '../../conductors/roster/roster.js';
import { type OpenFleetCall } from '../fleet-call.js';
import { type FleetNode, type FleetNodeError } from '../fleet-node.js';
import { type FleetProgress, type NodeOfJob } from '../fleet-node.repository.js';
import { type NodeOutcome } from '../node-calls.js';

/** What a run needs of the process. */
export interface RunHost {
  /** @returns undefined if it is not for this process any more. */
  read(): Promise<OpenFleetCall | undefined>;
  progress(call: OpenFleetCall): Promise<FleetProgress>;
  waiting(after: number, limit: number): Promise<readonly FleetNode[]>;
  states(jobIds: readonly string[]): Promise<readonly NodeOfJob[]>;
  attempt(call: OpenFleetCall, node: FleetNode, mayWait: () => boolean): Promise<NodeOutcome>;
  refuse(node: FleetNode, error: FleetNodeError): Promise<void>;
  cancelJobs(call: OpenFleetCall, jobIds: readonly string[]): Promise<void>;
  stop(reason: string): Promise<void>;
  /** @returns how many nodes. */
  skip(limit: number): Promise<number>;
  /** @returns whether it has ended. */
  end(): Promise<boolean>;
  /** For another process to go on. */
  release(): Promise<void>;
  /** Whether there is a conductor. */
  isServed(served: Served): boolean;
  /** Whether this process may start jobs. */
  readonly isServing: boolean;
  onError(error: unknown): void;
}
