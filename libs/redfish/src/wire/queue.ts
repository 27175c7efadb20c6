import { RedfishBusyError } from '../errors.js';
import { Deadline } from './deadline.js';
import { asError } from './scope.js';

interface Waiting {
  readonly start: () => void;
}

export interface QueueLimits {
  readonly width: number;
  readonly limit: number;
  /** Milliseconds a request may wait. */
  readonly budget: number;
}

/** Limits the concurrent requests to one BMC. Others wait in order, limited in number and time. */
export class RequestQueue {
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #width: number;

  constructor(
    readonly bmc: string,
    readonly limits: QueueLimits,
  ) {
    this.#width = limits.width;
  }

  get length(): number {
    return this.#waiting.length;
  }

  resize(width: number): void {
    this.#width = width;
    while (this.#running < this.#width && this.#waiting.length > 0) {
      this.#running += 1;
      this.#waiting.shift()?.start();
    }
  }

  /**
   * Runs work when its turn comes; aborting waiting work removes it. Urgent work (logins, logouts) goes first, never
   * refused. The next one's turn comes after the work, and after what `rest` returns for its result.
   */
  async run<T>(
    work: () => Promise<T>,
    signal: AbortSignal,
    isUrgent = false,
    rest: (result: T) => Promise<unknown> | undefined = () => undefined,
  ): Promise<T> {
    if (signal.aborted) throw asError(signal.reason);
    if (this.#running >= this.#width) await this.#turn(signal, isUrgent);
    else this.#running += 1;
    const next = (): void => this.#next();
    let following: Promise<unknown> | undefined;
    try {
      const result = await work();
      following = rest(result);
      return result;
    } finally {
      if (following === undefined) next();
      else following.then(next, next);
    }
  }

  #next(): void {
    const next = this.#running <= this.#width ? this.#waiting.shift() : undefined;
    if (next === undefined) this.#running -= 1;
    else next.start();
  }

  async #turn(signal: AbortSignal, isUrgent: boolean): Promise<void> {
    const { limit, budget } = this.limits;
    if (!isUrgent && this.#waiting.length >= limit) {
      throw new RedfishBusyError(`${limit} requests are waiting for ${this.bmc} already.`, { url: this.bmc });
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (error: Error): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        settle(() => reject(error));
      };
      const settle = (then: () => void): void => {
        deadline.clear();
        signal.removeEventListener('abort', aborted);
        then();
      };
      const aborted = (): void => leave(asError(signal.reason));
      const late = (): void =>
        leave(
          new RedfishBusyError(`A request waited ${budget} ms for its turn at ${this.bmc}.`, {
            url: this.bmc,
          }),
        );
      const entry: Waiting = { start: () => settle(resolve) };
      const deadline = new Deadline(budget, late);
      signal.addEventListener('abort', aborted, { once: true });
      if (isUrgent) this.#waiting.unshift(entry);
      else this.#waiting.push(entry);
    });
  }
}
