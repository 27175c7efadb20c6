/**
 * A moment in the past, and how long ago it was: the longer of what the process's two clocks say. The steady
 * one may stand still while the machine sleeps; the other can be set, but then the database's may be, too.
 */
export class Moment {
  private readonly steady = performance.now();
  private readonly wall = Date.now();

  /** Milliseconds. */
  get age(): number {
    return Math.max(performance.now() - this.steady, Date.now() - this.wall);
  }
}
