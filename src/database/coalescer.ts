import { type Stop } from '../waiting/stop.js';

const MAXIMUM_RUNNING = 2;
const MAXIMUM_BATCH = 256;
const PATIENCE_MS = 250;

export interface CoalescerOptions<Item, Result> {
  readonly work: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Two items with the same key never share a batch. */
  readonly keyOf?: (item: Item) => string;
  readonly maxRunning?: number;
  readonly maxBatch?: number;
  readonly weightOf?: (item: Item) => number;
  /** A heavier item is sent alone. */
  readonly maxWeight?: number;
  /** Milliseconds after which a batch that hangs does not block others. */
  readonly patience?: number;
  /** Whether the whole batch did nothing because of one item; then each is sent alone. */
  readonly aloneAfter?: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly key: string | undefined;
  readonly weight: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
  readonly stop: Stop | undefined;
}

/** Concurrent calls share round trips. Batches grow with the load; a single item does not wait. */
export class Coalescer<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private isScheduled = false;
  private running = 0;
  private readonly maxRunning: number;
  private readonly maxBatch: number;
  private readonly patience: number;

  constructor(private readonly options: CoalescerOptions<Item, Result>) {
    this.maxRunning = options.maxRunning ?? MAXIMUM_RUNNING;
    this.maxBatch = options.maxBatch ?? MAXIMUM_BATCH;
    this.patience = options.patience ?? PATIENCE_MS;
  }

  /**
   * @param stop drops the item when the next batch is made; it has no effect once the item was sent.
   * @throws what `keyOf` or `weightOf` throws.
   */
  run(item: Item, stop?: Stop): Promise<Result> {
    const { keyOf, weightOf } = this.options;
    return new Promise((resolve, reject) => {
      const key = keyOf?.(item);
      const weight = weightOf?.(item) ?? 0;
      this.waiting.push({ item, key, weight, resolve, reject, stop });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.isScheduled || this.running >= this.maxRunning || this.waiting.length === 0) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      const batch = this.nextBatch();
      if (batch.length > 0) void this.send(batch);
      this.schedule();
    });
  }

  private nextBatch(): Waiting<Item, Result>[] {
    const { maxWeight = Infinity } = this.options;
    const batch: Waiting<Item, Result>[] = [];
    const later: Waiting<Item, Result>[] = [];
    const keys = new Set<string>();
    let weight = 0;
    for (const entry of this.waiting) {
      if (entry.stop?.reason) {
        entry.reject(entry.stop.reason);
        continue;
      }
      const { key } = entry;
      const isFull = batch.length >= this.maxBatch || (batch.length > 0 && weight + entry.weight > maxWeight);
      const isRepeated = key !== undefined && keys.has(key);
      // A later item of the key must not overtake one that waits.
      if (key !== undefined) keys.add(key);
      if (isFull || isRepeated) {
        later.push(entry);
        continue;
      }
      weight += entry.weight;
      batch.push(entry);
    }
    this.waiting = later;
    return batch;
  }

  private async send(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    this.running++;
    let isCounted = true;
    const leave = (): void => {
      if (!isCounted) return;
      isCounted = false;
      this.running--;
      this.schedule();
    };
    const impatience = setTimeout(leave, this.patience);
    try {
      await this.settle(batch);
    } finally {
      clearTimeout(impatience);
      leave();
    }
  }

  private async settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.options.work(batch.map(({ item }) => item));
      if (results.length !== batch.length) {
        throw new RangeError(`${batch.length} items were sent, but ${results.length} results were returned.`);
      }
      results.forEach((result, place) => batch[place]?.resolve(result));
    } catch (error) {
      if (batch.length > 1 && this.options.aloneAfter?.(error)) {
        for (const entry of batch) await this.settle([entry]);
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}
