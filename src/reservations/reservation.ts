import { type FerruleError } from '@ferrule/driver-kit';
import { type Life } from '../conductors/life.js';
import { NodeLockLost } from './errors.js';

/** The node that is locked: its row, and the name for messages. */
export interface Lockable {
  readonly id: string;
  readonly uuid: string;
}

type State = 'held' | 'claimed' | 'gone';

/**
 * The exclusive lock on a node, in the hands of one owner of this process: it is released or handed over
 * exactly once.
 */
export class Reservation {
  private state: State = 'held';
  private readonly controller = new AbortController();

  constructor(
    readonly node: Lockable,
    /** Proves the hold to the database; never leaves the service. */
    readonly token: string,
    /** Rises with every holder of the node's lock. */
    readonly fence: string,
    /** When the node was last changed, as the lock found it. */
    readonly nodeUpdatedAt: string | null,
    private readonly life: Life,
  ) {}

  /**
   * Aborted, with NodeLockLost as its reason, when the lock may be somebody else's. Who asks for it looks at the
   * clock, too: a process that slept must not begin anything.
   */
  get lost(): AbortSignal {
    if (this.life.isOver && !this.controller.signal.aborted) this.abort(new NodeLockLost(this.node.uuid));
    return this.controller.signal;
  }

  /** From here on only the claimant may release it, whatever becomes of the request that took it. */
  claim(): void {
    if (this.state !== 'held')
      throw new Error(`Reservation of node ${this.node.uuid} was already ${this.state}.`);
    this.state = 'claimed';
  }

  get isUnclaimed(): boolean {
    return this.state === 'held';
  }

  /** True the first time only: whoever gets it ends the reservation. */
  end(): boolean {
    const first = this.state !== 'gone';
    this.state = 'gone';
    return first;
  }

  abort(reason: FerruleError): void {
    this.controller.abort(reason);
  }
}
