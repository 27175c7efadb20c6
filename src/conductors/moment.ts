/**
 * A past moment. Its age is the larger of what two clocks say: the monotonic clock may stop while the machine
 * sleeps, and the wall clock may be set back.
 */
export class Moment {
  private readonly steady = performance.now();
  private readonly wall = Date.now();

  get age(): number {
    return Math.max(performance.now() - this.steady, Date.now() - this.wall);
  }
}
