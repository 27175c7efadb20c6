/** Its age is the larger of two: the monotonic clock may stop in sleep, and the wall clock may be set back. */
export class Moment {
  private readonly steady = performance.now();
  private readonly wall = Date.now();

  get age(): number {
    return Math.max(performance.now() - this.steady, Date.now() - this.wall);
  }
}
