import { setTimeout as delay } from 'node:timers/promises';
import { withLimit } from '../waiting/with-limit.js';
import { AuditUnavailable } from './errors.js';

/** Records in one statement. */
const BATCH = 500;
/** Records that may wait, each of at most some ten kilobytes. */
const MOST_WAITING = 10_000;
/** Records arrive for so long before they are written. */
const PAUSE_MS = 50;
const RETRY_MS = 500;

/** Records that are written in the background, in their order. */
export class Backlog<Item> {
  private waiting: Item[] = [];
  private writing: Promise<void> | undefined;
  private isClosing = false;
  private failure: unknown;

  /** @param isRefused whether PostgreSQL refuses a record, so that it can never be written. */
  constructor(
    private readonly write: (records: readonly Item[]) => Promise<void>,
    private readonly isRefused: (error: unknown) => boolean,
    private readonly onFailure: (error: unknown) => void,
  ) {}

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
      (error: unknown) => this.onFailure(error),
    );
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      if (this.waiting.length < BATCH && !this.isClosing) await delay(PAUSE_MS, undefined, { ref: false });
      const batch = this.waiting.slice(0, BATCH);
      try {
        await this.write(batch);
        this.failure = undefined;
        this.waiting = this.waiting.slice(batch.length);
      } catch (error) {
        this.failure = error;
        this.onFailure(error);
        await this.afterFailure(error, batch);
      }
    }
  }

  /** A record that PostgreSQL refuses must not hold back the others. */
  private async afterFailure(error: unknown, batch: readonly Item[]): Promise<void> {
    if (!this.isRefused(error)) {
      await delay(RETRY_MS, undefined, { ref: false });
      return;
    }
    this.waiting = this.waiting.slice(batch.length);
    this.failure = undefined;
    if (batch.length === 1) return;
    for (const record of batch) await this.write([record]).catch((reason: unknown) => this.onFailure(reason));
  }
}
