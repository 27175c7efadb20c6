import { randomUUID } from 'node:crypto';
import { Stopwatch } from './stopwatch.js';

/** From a registration of the process until its lease may have ended. */
export class Life {
  readonly id = randomUUID();
  private renewed = new Stopwatch();
  private hasEnded = false;
  private watch: NodeJS.Timeout | undefined;

  /** @param span milliseconds after a renewal was sent. @param onEnd called once. */
  constructor(
    private readonly span: number,
    private readonly onEnd: () => void,
  ) {}

  /** Checks the clock, because timers do not run while a process is suspended. */
  get isOver(): boolean {
    if (!this.hasEnded && this.renewed.elapsed >= this.span) this.end();
    return this.hasEnded;
  }

  /**
   * Answers may come in another order than renewals were sent. After a suspension of the process an answer may be read
   * when the life is over; it no longer counts, since others may have acted on the end of the lease.
   */
  renew(sent: Stopwatch): void {
    if (this.isOver || sent.elapsed > this.renewed.elapsed) return;
    this.renewed = sent;
    this.watchClock();
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.stopWatching();
    this.onEnd();
  }

  stopWatching(): void {
    clearTimeout(this.watch);
  }

  private watchClock(): void {
    this.stopWatching();
    const rest = Math.max(1, this.span - this.renewed.elapsed);
    this.watch = setTimeout(() => {
      if (!this.isOver) this.watchClock();
    }, rest);
    this.watch.unref();
  }
}
