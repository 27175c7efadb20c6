/** Records of each caller within a period. */
const MOST = 100;
const PERIOD_MS = 60_000;
/** More callers than that within a period share one count. */
const CALLERS = 1_000;

/** So that refused requests cannot fill the disk. */
export class DenialLimit {
  private counts = new Map<string, number>();
  private ends = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  takes(caller: string): boolean {
    if (this.now() >= this.ends) {
      this.counts = new Map();
      this.ends = this.now() + PERIOD_MS;
    }
    const key = this.counts.has(caller) || this.counts.size < CALLERS ? caller : '';
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count <= MOST;
  }
}
