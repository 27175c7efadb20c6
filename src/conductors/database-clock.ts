interface Reading {
  /** Milliseconds, by the process's clock. */
  readonly at: number;
  /** The database's clock minus the process's, or less than the latency more. */
  readonly offset: number;
}

/**
 * The database's time, counted by the process's own clock. When the database's clock is set forward, all leases seem to
 * have ended; by this time they last on, until their holders have renewed them or noticed that they cannot.
 */
export class DatabaseClock {
  private readings: Reading[] = [];

  /** @param memory milliseconds for which a reading counts. */
  constructor(private readonly memory: number) {}

  /** @param sentAt `performance.now()` before the database was asked. @param time its answer, in milliseconds since 1970. */
  note(sentAt: number, time: number): void {
    const now = performance.now();
    this.readings = this.readings.filter(({ at }) => now - at < this.memory);
    this.readings.push({ at: now, offset: time - sentAt });
  }

  /** Milliseconds since 1970, as `nowAtMost` takes them; Infinity before the first reading. */
  get latest(): number {
    return performance.now() + Math.min(...this.readings.map(({ offset }) => offset));
  }
}
