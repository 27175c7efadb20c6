import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { JobAdopter } from './job.adopter.js';
import { JobFeeder } from '../queue/job.feeder.js';
import { JobRunner } from './job.runner.js';
import { JobWorker } from '../queue/job-worker.js';
import { Slots } from './slots.js';

/** Milliseconds that a job of an entry waits for a slot here, before another conductor may have it. */
const PATIENCE = 1_000;

/**
 * Takes entries from the queue and runs their jobs, no more at once than there are slots. A conductor that is
 * full takes no further entries.
 */
@Injectable()
export class JobProcessor implements OnApplicationShutdown {
  private readonly logger = new Logger(JobProcessor.name);
  private readonly slots: Slots;
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly adopter: JobAdopter,
    private readonly runner: JobRunner,
    private readonly feeder: JobFeeder,
    private readonly worker: JobWorker,
    private readonly lifecycle: Lifecycle,
    @Inject(CONFIG) config: Config,
  ) {
    this.slots = new Slots(config.conductorConcurrency);
    lifecycle.onServing(() => void worker.start((ids) => this.process(ids)));
    lifecycle.onDrain(() => worker.pause());
  }

  /** Results are recorded before the database is closed. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.running]);
    await this.worker.close();
  }

  /** Resolves when each job of the entry was begun here, is somebody else's, or was handed on. */
  async process(ids: readonly string[]): Promise<void> {
    let left = [...ids];
    const patience = AbortSignal.timeout(PATIENCE);
    while (left.length > 0 && !this.lifecycle.isDraining) {
      const taken = this.slots.take(left.length);
      if (taken === 0) {
        if (patience.aborted) break;
        await this.slots.whenFree(patience);
        continue;
      }
      const begun = left.slice(0, taken);
      left = left.slice(taken);
      await Promise.all(begun.map((id) => this.begin(id)));
    }
    if (left.length === 0) return;
    this.feeder.offer(left);
    await this.slots.whenFree(this.lifecycle.workEnds);
  }

  /** In a slot that was taken. Resolves when the job is adopted, or is not to be. */
  private async begin(id: string): Promise<void> {
    const job = await this.adopter.adopt(id);
    if (!job) {
      this.slots.release();
      return;
    }
    const run: Promise<void> = this.runner
      .run(job)
      .catch((error: unknown) => this.logger.error(`Job ${id} was left to its lease: ${String(error)}`))
      .finally(() => {
        this.running.delete(run);
        this.slots.release();
      });
    this.running.add(run);
  }
}
