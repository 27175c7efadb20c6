import { type Stop } from './stop.js';

/** A task was not begun: too many wait already, or it has waited for too long. */
export class TurnRefused extends Error {
  override readonly name = 'TurnRefused';
}

interface Waiting {
  readonly begin: () => void;
  readonly leave: (reason: Error) => void;
}

export interface FairQueueLimits {
  /** How many tasks may wait. Beyond it, the owner with the most waiting tasks loses its last one. */
  readonly length: number;
  /** Milliseconds that a task may wait. */
  readonly wait: number;
}

/** Runs at most so many tasks at once. Owners whose tasks wait take turns, so that nobody's many hold up another's few. */
export class FairQueue {
  private readonly waiting = new Map<string, Waiting[]>();
  private length = 0;
  private running = 0;

  constructor(
    private readonly limit: number,
    private readonly limits: FairQueueLimits = { length: Infinity, wait: Infinity },
  ) {}

  /** @param stop ends the waiting, with its reason. @throws TurnRefused */
  async run<T>(owner: string, task: () => Promise<T>, stop?: Stop): Promise<T> {
    stop?.throwIfAborted();
    if (this.running >= this.limit) await this.turn(owner, stop);
    else this.running++;
    try {
      return await task();
    } finally {
      this.next();
    }
  }

  private turn(owner: string, stop: Stop | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const entry: Waiting = {
        begin: () => {
          clearTimeout(timer);
          stop?.removeListener(entry.leave);
          resolve();
        },
        leave: (reason) => {
          clearTimeout(timer);
          stop?.removeListener(entry.leave);
          this.remove(owner, entry);
          reject(reason);
        },
      };
      stop?.onAbort(entry.leave);
      if (this.limits.wait < Infinity) {
        const late = () => entry.leave(new TurnRefused('it has waited for too long'));
        timer = setTimeout(late, this.limits.wait);
      }
      const own = this.waiting.get(owner);
      if (own) own.push(entry);
      else this.waiting.set(owner, [entry]);
      if (++this.length > this.limits.length) this.most().leave(new TurnRefused('too many are waiting'));
    });
  }

  /** The last task of the owner with the most waiting ones; of several such owners, the one whose turn comes last. */
  private most(): Waiting {
    const longest = [...this.waiting.values()].reduce((one, other) =>
      other.length >= one.length ? other : one,
    );
    const last = longest.at(-1);
    if (last === undefined) throw new Error('nobody waits');
    return last;
  }

  private remove(owner: string, entry: Waiting): void {
    const own = this.waiting.get(owner) ?? [];
    own.splice(own.indexOf(entry), 1);
    if (own.length === 0) this.waiting.delete(owner);
    this.length--;
  }

  /** Gives the place of the task that ended to the owner who waited longest for a turn. */
  private next(): void {
    const [first] = this.waiting;
    if (first === undefined) {
      this.running--;
      return;
    }
    const [owner, own] = first;
    const entry = own.shift();
    this.length--;
    this.waiting.delete(owner);
    if (own.length > 0) this.waiting.set(owner, own);
    entry?.begin();
  }
}
