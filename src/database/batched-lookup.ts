/**
 * How many queries of one lookup are under way at most. What is asked for while they are waits for one to
 * end and then goes out together: the busier the service, the fewer queries for each key.
 */
const MAXIMUM_RUNNING = 2;

interface Waiter<R> {
  readonly key: string;
  readonly resolve: (row: R | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Looks rows up by a key, many at a time: keys that are asked for at the same time share one round trip.
 * Nothing is kept; a row is always read after it was asked for.
 */
export class BatchedLookup<R> {
  private waiters: Waiter<R>[] = [];
  private isScheduled = false;
  private running = 0;

  /** @param find the row of each key, at the key's place; a key that comes twice gets two rows. */
  constructor(private readonly find: (keys: readonly string[]) => Promise<readonly (R | undefined)[]>) {}

  get(key: string): Promise<R | undefined> {
    return new Promise((resolve, reject) => {
      this.waiters.push({ key, resolve, reject });
      this.schedule();
    });
  }

  /** After the requests that have arrived together with this one. */
  private schedule(): void {
    if (this.isScheduled || this.running >= MAXIMUM_RUNNING || this.waiters.length === 0) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      void this.answer(this.waiters.splice(0));
    });
  }

  private async answer(waiters: readonly Waiter<R>[]): Promise<void> {
    this.running++;
    try {
      const rows = await this.find(waiters.map(({ key }) => key));
      waiters.forEach(({ resolve }, place) => resolve(rows[place]));
    } catch (error) {
      for (const { reject } of waiters) reject(error);
    } finally {
      this.running--;
      this.schedule();
    }
  }
}
