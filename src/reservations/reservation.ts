import { type FerruleError } from '@ferrule/driver-kit';
import { type AuditRow } from '../database/transitions/audited.js';
import { Stop } from '../waiting/stop.js';
import { NodeLockLost } from './errors.js';
import { type Life } from './lock-holder.js';

export interface Lockable {
  readonly id: string;
  readonly uuid: string;
}

/** What a lock is held for, shown to callers that are refused. */
export interface LockUse {
  /** For example `request:req-…`. */
  readonly purpose: string;
  /** Name of the caller, if it has one. */
  readonly caller: string | null;
  /** Written to the audit with the lock. */
  readonly record?: AuditRow | undefined;
  /** Called once the lock is taken and recorded, also if it is then released at once. */
  readonly onTaken?: () => void;
}

type State = 'held' | 'claimed' | 'gone';

/** Released or handed over exactly once. */
export class Reservation {
  /** By `performance.now()`. */
  readonly takenAt = performance.now();
  /**
   * Aborted with NodeLockLost once the lock may belong to another holder. Reading its reason also checks the clock, so
   * that a process that was suspended does not go on under a lost lock.
   */
  readonly lost: Stop;
  private state: State = 'held';

  constructor(
    readonly node: Lockable,
    readonly token: string,
    readonly fence: string,
    readonly nodeUpdatedAt: string | null,
    life: Life,
    readonly use: LockUse,
  ) {
    this.lost = new Stop(() => {
      if (life.isOver) this.abort(new NodeLockLost(node.uuid));
    });
  }

  /** After this only the claimant may release it, even if the request that took it ends. */
  claim(): void {
    if (this.state !== 'held')
      throw new Error(`Reservation of node ${this.node.uuid} was already ${this.state}.`);
    this.state = 'claimed';
  }

  get isGone(): boolean {
    return this.state === 'gone';
  }

  get isUnclaimed(): boolean {
    return this.state === 'held';
  }

  /** True for the first caller, who must then release the lock. */
  end(): boolean {
    const first = this.state !== 'gone';
    this.state = 'gone';
    return first;
  }

  abort(reason: FerruleError): void {
    this.lost.abort(reason);
  }
}
