import { randomUUID } from 'node:crypto';
import { Moment } from './moment.js';

/** One life of a process: from its registration until it cannot prove any more that it lives. */
export class Life {
  readonly id = randomUUID();
  private renewedAt = new Moment();
  private hasEnded = false;
  private watch: NodeJS.Timeout | undefined;

  /**
   * @param span milliseconds that it lasts after a renewal was sent.
   * @param onEnd called once, by a timer of this process or by whoever looks first.
   */
  constructor(
    private readonly span: number,
    private readonly onEnd: () => void,
  ) {}

  /** Looks at the clock, so that a process which slept notices before it does anything. */
  get isOver(): boolean {
    if (!this.hasEnded && this.renewedAt.age >= this.span) this.end();
    return this.hasEnded;
  }

  /** @param sentAt when the renewal was sent that the database has confirmed. */
  renew(sentAt: Moment): void {
    if (this.hasEnded) return;
    this.renewedAt = sentAt;
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
    // Timers may run a little early.
    const rest = Math.max(1, this.span - this.renewedAt.age);
    this.watch = setTimeout(() => {
      if (!this.isOver) this.watchClock();
    }, rest);
    this.watch.unref();
  }
}
