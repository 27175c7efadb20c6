import { Inject, Injectable } from '@nestjs/common';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { closeClient } from './close-client.js';
import { queueErrorLog } from './queue-error-log.js';
import { JobQueue } from './job-queue.js';
import { type Consumer } from './queue-backend.js';
import { withLimit } from '../../waiting/with-limit.js';

/** Entries that are processed at the same time; each has up to 64 jobs. */
const FETCHERS = 4;
// A stalled entry is not repeated: the jobs table decides what may run. Short times remove entries of dead processes.
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

@Injectable()
export class JobWorker {
  private readonly logError = queueErrorLog(JobWorker.name);
  private worker: Consumer | undefined;
  private isClosed = false;
  private reopening: NodeJS.Timeout | undefined;

  constructor(
    @Inject(JobQueue) private readonly queue: Pick<JobQueue, 'backend'>,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Never rejects. BullMQ does not retry a first connection that failed, so this does, with a new worker. */
  async start(process: (ids: readonly string[]) => Promise<void>): Promise<void> {
    try {
      await this.open(process);
    } catch (error) {
      this.complain(error);
      await this.discard();
      if (!this.isStopped()) this.reopening = setTimeout(() => void this.start(process), REOPEN_MS).unref();
    }
  }

  private async open(process: (ids: readonly string[]) => Promise<void>): Promise<void> {
    const backend = await this.queue.backend();
    if (this.isStopped()) return;
    const worker = backend.consumer((entry) => process(entry.data.ids), OPTIONS);
    this.worker = worker;
    // An error without a listener would end the process; BullMQ reconnects by itself.
    worker.on('error', (error) => this.complain(error));
    await withLimit(worker.waitUntilReady(), READY_MS, 'The queue does not answer.');
    if (this.isStopped()) return;
    worker.run().catch((error: unknown) => this.complain(error));
  }

  pause(): void {
    void this.worker?.pause(true);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.reopening);
    await this.discard();
  }

  private complain(error: unknown): void {
    if (!this.isClosed) this.logError(error);
  }

  private isStopped(): boolean {
    return this.isClosed || this.lifecycle.isDraining;
  }

  private async discard(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    this.worker = undefined;
    await closeClient(worker, this.lifecycle.left.closing);
  }
}
