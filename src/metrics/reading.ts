import { withLimit } from '../waiting/with-limit.js';

/** What is read at a scrape: once for all who ask at the same time, and none of them waits longer than the limit. */
export class Reading<T> {
  private running: Promise<T> | undefined;

  /** @param limit milliseconds. */
  constructor(
    private readonly read: () => Promise<T>,
    private readonly limit: number,
  ) {}

  /** Undefined if it failed or took too long. A reading that hangs is not started a second time. */
  async latest(): Promise<T | undefined> {
    this.running ??= this.read().finally(() => {
      this.running = undefined;
    });
    return withLimit(this.running, this.limit, 'The reading takes too long.').catch(() => undefined);
  }
}
