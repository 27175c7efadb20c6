import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { type Queue } from 'bullmq';

export const JOB_QUEUE = 'ferrule-jobs';

/** The queue carries ids and nothing else: the jobs table is the truth. */
export interface QueueEntry {
  readonly id: string;
}

@Injectable()
export class JobQueue {
  private readonly logger = new Logger(JobQueue.name);

  constructor(@InjectQueue(JOB_QUEUE) private readonly queue: Queue<QueueEntry>) {
    // BullMQ would print it, stack and all; it reconnects by itself.
    queue.on('error', (error) => this.logger.warn(`Job queue: ${error.message}`));
  }

  /** Rejects when the queue's tables cannot be reached or made. */
  async ready(): Promise<void> {
    await this.queue.waitUntilReady();
  }

  /** Under the job's own id, so that a repeat is harmless. Tried once: a conductor decides what is run again. */
  async add(id: string, entryId = id): Promise<void> {
    await this.queue.add(
      'run',
      { id },
      { jobId: entryId, attempts: 1, removeOnComplete: true, removeOnFail: true },
    );
  }

  /**
   * Sees to it that a job which waits has an entry that can still reach a conductor. One that was taken and
   * not begun went down with its conductor; BullMQ would notice only after a minute. A second entry for a
   * job is harmless: whoever comes second finds that it is not queued any more.
   */
  async ensure(id: string): Promise<void> {
    const entry = await this.queue.getJob(id);
    if (!entry) await this.add(id);
    else if (await entry.isActive()) await this.add(id, `${id}-again`);
  }
}
