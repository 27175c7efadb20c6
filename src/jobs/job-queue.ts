import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { type Queue } from 'bullmq';

export const JOB_QUEUE = 'ferrule-jobs';

/** The queue carries ids and nothing else: the jobs table is the truth. */
export interface QueueEntry {
  readonly id: string;
}

@Injectable()
export class JobQueue {
  constructor(@InjectQueue(JOB_QUEUE) private readonly queue: Queue<QueueEntry>) {}

  /** Under the job's own id, so that a repeat is harmless. Tried once: a conductor decides what is run again. */
  async add(id: string): Promise<void> {
    await this.queue.add(
      'run',
      { id },
      { jobId: id, attempts: 1, removeOnComplete: true, removeOnFail: true },
    );
  }

  async has(id: string): Promise<boolean> {
    return (await this.queue.getJob(id)) !== undefined;
  }
}
