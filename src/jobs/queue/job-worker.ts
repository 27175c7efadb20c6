import { Injectable, Logger } from '@nestjs/common';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { Complaints } from './complaints.js';
import { JobQueue } from './job-queue.js';
import { type Consumer } from './queue-backend.js';
import { withLimit } from './with-limit.js';

/** Entries that are taken at the same time; each has many jobs. */
const FETCHERS = 4;
/**
 * A stalled entry is never given to a second worker: after a crash the jobs table tells what may still be run.
 * The short times only clean up after a process that died.
 */
const OPTIONS = {
  autorun: false,
  concurrency: FETCHERS,
  maxStalledCount: 0,
  lockDuration: 10_000,
  stalledInterval: 5_000,
  runRetryDelay: 1_000,
};
const READY_MS = 5_000;
const REOPEN_MS = 1_000;
const CLOSE_MS = 2_000;

/** The half of the queue that entries are taken from. */
@Injectable()
export class JobWorker {
  private readonly complaints = new Complaints(new Logger(JobWorker.name));
  private worker: Consumer | undefined;
  private isClosed = false;
  private reopening: NodeJS.Timeout | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Takes entries from now on; a queue that is away is tried again and again. */
  async start(process: (ids: readonly string[]) => Promise<void>): Promise<void> {
    if (this.isClosed) return;
    const worker = this.queue.backend.consumer((entry) => process(entry.data.ids), OPTIONS);
    this.worker = worker;
    // Without a listener an error of the connection would end the process; BullMQ reconnects by itself.
    worker.on('error', (error) => this.complaints.add(error));
    try {
      await withLimit(worker.waitUntilReady(), READY_MS, 'The queue does not answer.');
    } catch (error) {
      // BullMQ remembers a first connection that failed for ever.
      this.complaints.add(error);
      await this.discard();
      if (!this.isStopped()) this.reopening = setTimeout(() => void this.start(process), REOPEN_MS).unref();
      return;
    }
    worker.run().catch((error: unknown) => this.complaints.add(error));
  }

  /** Takes no further entries. */
  pause(): void {
    void this.worker?.pause(true);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.reopening);
    await this.discard();
  }

  private isStopped(): boolean {
    return this.isClosed || this.lifecycle.isDraining;
  }

  private async discard(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    this.worker = undefined;
    try {
      const limit = Math.min(CLOSE_MS, this.lifecycle.left.closing);
      await withLimit(worker.close(), limit, 'It would not close.');
    } catch {
      worker
        .getBackend()
        .close(true)
        .catch(() => {});
    }
  }
}
