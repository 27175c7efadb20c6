import { RedfishBusyError } from '../errors.js';
import { asError } from './scope.js';

interface Waiting {
  readonly start: () => void;
}

/** Limits of a queue. */
export interface QueueLimits {
  /** Requests at a time. */
  readonly width: number;
  /** Requests that may wait. */
  readonly limit: number;
  /** Milliseconds one may wait. */
  readonly budget: number;
}

/** Lets a few requests at a time through to one BMC; the others wait in order, up to a limit and a time. */
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

  /** Requests that wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Lets fewer through from now on, where the BMC turns out to bear less. */
  narrow(width: number): void {
    this.#width = Math.min(this.#width, width);
  }

  /**
   * Runs work in its turn. Urgent work, logins and logouts that others wait for, goes first and is
   * never refused. Aborting while it waits rejects at once and frees its place.
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal, isUrgent = false): Promise<T> {
    if (signal.aborted) throw asError(signal.reason);
    if (this.#running >= this.#width) await this.#turn(signal, isUrgent);
    else this.#running += 1;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  /** Hands the place over directly, so that nobody who comes later can slip in between. */
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
        clearTimeout(timer);
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
      const timer = setTimeout(late, budget);
      signal.addEventListener('abort', aborted, { once: true });
      if (isUrgent) this.#waiting.unshift(entry);
      else this.#waiting.push(entry);
    });
  }
}
