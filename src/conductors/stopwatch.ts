/** Counts milliseconds: the larger of two, since the monotonic clock may stop in sleep, and the wall clock may be set back. */
export class Stopwatch {
  private readonly steady = performance.now();
  private readonly wall = Date.now();

  get elapsed(): number {
    return Math.max(performance.now() - this.steady, Date.now() - this.wall);
  }
}
