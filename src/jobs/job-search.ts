import { Logger } from '@nestjs/common';
import { type Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttledCalls } from '../logging/throttled.js';
import { Periodic } from '../waiting/periodic.js';

const COMPLAINT_INTERVAL = 5_000;
const ROUNDS_PER_LEASE = 3;
const LONGEST_INTERVAL = 10_000;

/**
 * @param lease seconds.
 * @returns milliseconds between the rounds of a search for what a lost lease leaves behind.
 */
export function intervalFor(lease: number): number {
  return Math.min((lease * 1000) / ROUNDS_PER_LEASE, LONGEST_INTERVAL);
}

/** Looks for certain jobs again and again while the process serves. */
export class JobSearch {
  private readonly rounds: Periodic;
  private readonly ended = new AbortController();

  /**
   * @param what is looked for, as a log line names it: `for old jobs`.
   * @param interval milliseconds.
   */
  constructor(lifecycle: Lifecycle, what: string, interval: number, work: () => Promise<void>) {
    const logger = new Logger(JobSearch.name);
    const warn = throttledCalls(
      (error: unknown, leftOut) => logger.warn(`The search ${what} failed: ${reasonOf(error)}${leftOut}`),
      COMPLAINT_INTERVAL,
    );
    const onError = (error: unknown): void => {
      if (!this.signal.aborted) warn(error);
    };
    this.rounds = new Periodic(() => interval, work, onError);
    lifecycle.onServing(() => this.rounds.start());
  }

  /** Aborted when the search ends. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  /** A round now, or the one that is running. Never rejects. */
  run(): Promise<void> {
    return this.rounds.run();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.rounds.stop();
  }
}
