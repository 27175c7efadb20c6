import { Inject, Injectable } from '@nestjs/common';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { JobQueue } from './job-queue.js';
import { type Consumer } from './queue-clients.js';
import { QueueConnection } from './queue-connection.js';

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

@Injectable()
export class JobWorker {
  private connection: QueueConnection<Consumer> | undefined;

  constructor(
    @Inject(JobQueue) private readonly queue: Pick<JobQueue, 'backend'>,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Never rejects. */
  async start(
    queues: readonly string[],
    process: (ids: readonly string[], queue: string) => Promise<void>,
  ): Promise<void> {
    const { lifecycle } = this;
    const isStopped = (): boolean => connection.isClosed || lifecycle.isDraining;
    const connection = new QueueConnection<Consumer>({
      name: JobWorker.name,
      create: async () => {
        const backend = await this.queue.backend();
        return isStopped()
          ? undefined
          : backend.consumer(queues, (entry, queue) => process(entry.data.ids, queue), OPTIONS);
      },
      limit: READY_MS,
      run: async (worker) => {
        if (!isStopped()) await worker.run();
      },
      lifecycle,
    });
    this.connection = connection;
    await connection.open();
  }

  pause(): void {
    void this.connection?.ready?.pause(true);
  }

  async close(): Promise<void> {
    await this.connection?.close();
  }
}
