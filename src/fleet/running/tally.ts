import { counted } from '../../text/counted.js';
import { type OpenFleetCall } from '../fleet-call.js';
import { type FleetProgress, type NodeOfJob } from '../fleet-node.repository.js';

/** Counts what came of the nodes of a fleet call. */
export class Tally {
  private failed: number;
  private failedCanary: number;
  private succeededCanary: number;

  /** @param progress that was made before. */
  constructor(
    private readonly call: Pick<OpenFleetCall, 'canary' | 'stopAfter' | 'nodes'>,
    progress: Omit<FleetProgress, 'started'>,
  ) {
    this.failed = progress.failed;
    this.failedCanary = progress.failedCanary;
    this.succeededCanary = progress.succeededCanary;
  }

  ended({ position, state }: Pick<NodeOfJob, 'position' | 'state'>): void {
    const isCanary = position < this.call.canary;
    if (state === 'succeeded') this.succeededCanary += isCanary ? 1 : 0;
    else if (state !== 'skipped') {
      this.failed++;
      this.failedCanary += isCanary ? 1 : 0;
    }
  }

  /** Whether the turn of a node may come: that of a canary node, or of any once these have succeeded. */
  isAllowed(position: number): boolean {
    const { canary } = this.call;
    return position < canary || this.succeededCanary >= canary;
  }

  /** Why the rest is skipped; undefined while it goes on. */
  get stopReason(): string | undefined {
    const { failed, failedCanary } = this;
    const { canary, stopAfter, nodes } = this.call;
    if (failedCanary > 0) return `${failedCanary} of ${counted(canary, 'canary node')} did not succeed.`;
    if (stopAfter === null || failed === 0) return undefined;
    const isOver =
      typeof stopAfter === 'number'
        ? failed >= stopAfter
        : failed * 100 >= Number.parseInt(stopAfter, 10) * nodes;
    return isOver
      ? `${failed} of ${counted(nodes, 'node')} did not succeed, and stop_after is ${stopAfter}.`
      : undefined;
  }
}
