import { RedfishError } from '../errors.js';

/** Consecutive polls that may fail, because a BMC is away while it updates itself. */
const MOST_FAILED = 10;
/** Milliseconds between two polls, whatever Retry-After says: a date means nothing if the clock of the BMC is wrong. */
const MOST_WAIT = 60_000;
/** The pause after a poll that failed is at most this many times the interval, unless Retry-After asks for more. */
const MOST_GROWTH = 30;

/** The polls of a task that failed since the last one that told its state, and the pause before the next. */
export class FailedPolls {
  #count = 0;
  #last: RedfishError | undefined;

  /** @param pace milliseconds between polls without Retry-After, and the least with one */
  constructor(readonly pace: { readonly interval: number; readonly least: number }) {}

  get last(): RedfishError | undefined {
    return this.#last;
  }

  /** Notes what one try of a poll failed with, which may be repeated. */
  tried(error: unknown): void {
    if (error instanceof RedfishError) this.#last = error;
  }

  /** Counts a poll that failed. Returns false if there were too many. */
  add(error: RedfishError): boolean {
    this.#last = error;
    this.#count += 1;
    return this.#count <= MOST_FAILED;
  }

  clear(): void {
    this.#count = 0;
    this.#last = undefined;
  }

  /**
   * Milliseconds before the next poll: longer after each failure, and at most half of the time that is left, so that the
   * end is looked for once more before a time limit.
   *
   * @param asked Retry-After of the last poll
   */
  pause(asked: number | undefined, left: number): number {
    const { interval, least } = this.pace;
    const usual = interval * Math.min(2 ** this.#count, MOST_GROWTH);
    const wanted = this.#count === 0 ? (asked ?? usual) : Math.max(asked ?? 0, usual);
    return Math.max(least, Math.min(MOST_WAIT, wanted, left / 2));
  }
}
