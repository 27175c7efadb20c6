import { type FairQueueLimits, FairQueue, TurnRefused } from '../../waiting/fair-queue.js';
import { type Stop } from '../../waiting/stop.js';
import { ListsBusy } from '../errors.js';

/** One is made while the database works on another. */
const AT_ONCE = 2;
const LIMITS = { length: 1_000, wait: 30_000 };

/** Who asks for a list. */
export interface ListReader {
  /** What shares its turns. */
  readonly origin: string;
  /** Ends the waiting when the client has disconnected. */
  readonly gone: Stop;
}

/** Long lists: a few are made at once, for their readers in turn, so that nobody's many hold up everything else. */
export class ListQueue {
  private readonly queue: FairQueue;

  constructor(limits: FairQueueLimits = LIMITS) {
    this.queue = new FairQueue(AT_ONCE, limits);
  }

  /**
   * @param list called when it is the reader's turn: what can be refused without the database is refused before.
   * @throws ListsBusy (503), and the reason of `gone`.
   */
  async make<T>({ origin, gone }: ListReader, list: () => Promise<T>): Promise<T> {
    try {
      return await this.queue.run(origin, list, gone);
    } catch (error) {
      throw error instanceof TurnRefused ? new ListsBusy() : error;
    }
  }
}
