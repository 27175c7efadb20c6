import { setTimeout as delay } from 'node:timers/promises';

/** Closed sockets and the like need a moment. */
const PATIENCE = 2_000;

/** Timers, sockets, listeners and variables of the process, to find what a driver leaves behind. */
export class Residue {
  private constructor(private readonly counts: ReadonlyMap<string, number>) {}

  static now(): Residue {
    const counts = new Map<string, number>();
    const add = (what: string, count = 1) => counts.set(what, (counts.get(what) ?? 0) + count);
    for (const resource of process.getActiveResourcesInfo()) add(`active ${resource}`);
    for (const event of process.eventNames()) {
      add(`listener of the process for ${String(event)}`, process.listenerCount(event));
    }
    for (const name of Object.getOwnPropertyNames(globalThis)) add(`global variable ${name}`);
    for (const name of Object.keys(process.env)) add(`environment variable ${name}`);
    return new Residue(counts);
  }

  /** What there is more of than before, when it does not go away. */
  async after(): Promise<string[]> {
    for (const deadline = performance.now() + PATIENCE; ; await delay(20)) {
      const more = this.moreIn(Residue.now());
      if (more.length === 0 || performance.now() > deadline) return more;
    }
  }

  private moreIn(other: Residue): string[] {
    return [...other.counts].flatMap(([what, count]) => {
      const surplus = count - (this.counts.get(what) ?? 0);
      return surplus > 0 ? [`${surplus} ${what}`] : [];
    });
  }
}
