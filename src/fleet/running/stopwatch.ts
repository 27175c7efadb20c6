/** Measures the time in which it goes. */
export class Stopwatch {
  private measured = 0;
  private since: number | undefined;

  /** @param now milliseconds, of a clock that is never set. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  go(isGoing: boolean): void {
    if (isGoing === (this.since !== undefined)) return;
    this.measured = this.milliseconds;
    this.since = isGoing ? this.now() : undefined;
  }

  get milliseconds(): number {
    return this.measured + (this.since === undefined ? 0 : this.now() - this.since);
  }
}
