import { setTimeout as delay } from 'node:timers/promises';
import { withLimit } from '../waiting/with-limit.js';
import { AuditUnavailable } from '../database/faults/errors.js';

/** Records in one statement. */
const BATCH = 500;
/** Records that may wait, each of at most some ten kilobytes. */
const MOST_WAITING = 10_000;
/** Records arrive for so long before they are written. */
const PAUSE_MS = 50;
const RETRY_MS = 500;

/** What becomes of records that cannot be written. */
export interface BacklogWatch<Item> {
  /** Whether PostgreSQL refuses a record, so that it can never be written. */
  readonly isRefused: (error: unknown) => boolean;
  readonly onFailure: (error: unknown) => void;
  readonly onLost: (record: Item, error: unknown) => void;
}

/** Records that are written in the background, in their order. */
export class Backlog<Item> {
  private waiting: Item[] = [];
  private writing: Promise<void> | undefined;
  private isClosing = false;
  private failure: unknown;
  /** Records that are written alone, since one of them was refused and must not hold back the others. */
  private alone = 0;

  constructor(
    private readonly write: (records: readonly Item[]) => Promise<void>,
    private readonly watch: BacklogWatch<Item>,
  ) {}

  get size(): number {
    return this.waiting.length;
  }

  add(record: Item): void {
    this.waiting.push(record);
    this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
  }

  /** @throws AuditUnavailable since the last attempt failed, or when too many records wait. */
  assertWritable(): void {
    if (this.failure !== undefined || this.waiting.length >= MOST_WAITING)
      throw new AuditUnavailable(this.failure);
  }

  /** Writes what waits. Never rejects. @param limit milliseconds. */
  async close(limit: number): Promise<void> {
    this.isClosing = true;
    await withLimit(this.writing ?? Promise.resolve(), limit, 'The time for the shutdown is over.').catch(
      (error: unknown) => this.watch.onFailure(error),
    );
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      if (this.isPatient) await delay(PAUSE_MS, undefined, { ref: false });
      const batch = this.waiting.slice(0, this.alone > 0 ? 1 : BATCH);
      try {
        await this.write(batch);
        this.failure = undefined;
        this.leave(batch);
      } catch (error) {
        await this.failed(batch, error);
      }
    }
  }

  private get isPatient(): boolean {
    return this.waiting.length < BATCH && this.alone === 0 && !this.isClosing;
  }

  private async failed(batch: readonly Item[], error: unknown): Promise<void> {
    const [record] = batch;
    if (!this.watch.isRefused(error)) {
      this.failure = error;
      this.watch.onFailure(error);
      await delay(RETRY_MS, undefined, { ref: false });
    } else if (batch.length > 1) {
      this.alone = batch.length;
    } else if (record !== undefined) {
      this.watch.onLost(record, error);
      this.leave(batch);
    }
  }

  private leave(batch: readonly Item[]): void {
    this.waiting = this.waiting.slice(batch.length);
    if (this.alone > 0) this.alone -= batch.length;
  }
}
