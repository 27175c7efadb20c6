import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { PROCESS, type ProcessDescription } from '../../conductors/process-description.js';
import { CONFIG, type Config } from '../../config/config.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { JobMetrics } from '../../metrics/job.metrics.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttledCalls } from '../../logging/throttled.js';
import { jobLine } from '../record/job.js';
import { type AdoptedJob, JobAdopter } from './job.adopter.js';
import { FORMER_QUEUE, queueOf, type RoutedJob } from '../queue/job-queues.js';
import { JobRepository } from '../record/job.repository.js';
import { CallBurst } from '../queue/call-burst.js';
import { JobFeeder } from '../queue/job.feeder.js';
import { JobRunner } from './job.runner.js';
import { JobWorker } from '../queue/job-worker.js';
import { Slots } from './slots.js';
import { withLimit } from '../../waiting/with-limit.js';

/** The jobs of an entry wait so long for a slot here; then another conductor may take them. */
const PATIENCE_MS = 1_000;
const RETRY_MS = 1_000;
/** Milliseconds between two entries that are begun in a burst of calls; other conductors take those not fetched here. */
const BURST_PACE_MS = 125;

/** Nothing else is known of the job. */
interface FailedAdoption {
  readonly id: string;
  readonly error: unknown;
}

@Injectable()
export class JobProcessor implements OnApplicationShutdown {
  private readonly logger = new Logger(JobProcessor.name);
  private readonly warn = throttledCalls(({ id, error }: FailedAdoption, leftOut) =>
    this.logger.warn(jobLine(`Job ${id} could not be adopted: ${reasonOf(error)}${leftOut}`, { id })),
  );
  private readonly slots: Slots;
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly adopter: JobAdopter,
    private readonly runner: JobRunner,
    private readonly feeder: JobFeeder,
    private readonly burst: CallBurst,
    private readonly worker: JobWorker,
    private readonly lifecycle: Lifecycle,
    private readonly repository: JobRepository,
    @Inject(PROCESS) private readonly own: ProcessDescription,
    metrics: JobMetrics,
    @Inject(CONFIG) { conductorConcurrency: total }: Config,
  ) {
    this.slots = new Slots(total);
    metrics.watchSlots(() => ({ used: this.slots.used, total }));
    const drivers = own.drivers.map(({ name }) => name);
    const routes = new Map(drivers.map((driver) => [queueOf({ driver, group: own.group }), driver]));
    const queues = [...routes.keys(), FORMER_QUEUE];
    lifecycle.onServing(
      () => void worker.start(queues, (ids, queue) => this.processEntry(ids, routes.get(queue))),
    );
    lifecycle.onDrain(() => worker.pause());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.worker.close();
    try {
      await withLimit(this.idle(), this.lifecycle.left.closing, 'The time for the shutdown is over.');
    } catch {
      this.logger.warn(`${this.running.size} jobs are left to another process.`);
    }
  }

  /** A job whose adoption is under way is among the running ones. */
  private async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** @param driver of its jobs; undefined for an entry that an earlier version made, whose jobs go to their own queues. */
  private async processEntry(ids: readonly string[], driver: string | undefined): Promise<void> {
    if (driver === undefined) this.feeder.offer(await this.repository.routed(ids));
    else await this.process(ids, driver);
  }

  /** Resolves when each job of the entry was started here, belongs to another conductor, or was enqueued again. */
  async process(ids: readonly string[], driver: string): Promise<void> {
    const { group } = this.own;
    await this.burst.giveWay(BURST_PACE_MS);
    let left = [...ids];
    const patience = AbortSignal.timeout(PATIENCE_MS);
    while (left.length > 0 && !this.lifecycle.isDraining) {
      const taken = this.slots.take(left.length);
      if (taken === 0) {
        if (patience.aborted) break;
        await this.slots.whenFree(patience);
        continue;
      }
      const begun = left.slice(0, taken);
      left = left.slice(taken);
      await Promise.all(begun.map((id) => this.begin({ id, driver, group })));
    }
    if (left.length === 0) return;
    this.feeder.offer(left.map((id) => ({ id, driver, group })));
    await this.slots.whenFree(this.lifecycle.workEnds);
  }

  /** Resolves when the job was adopted or cannot be. */
  private async begin(job: RoutedJob): Promise<void> {
    const adoption = this.adopt(job);
    const run: Promise<void> = adoption
      .then((job) => job && this.run(job))
      .finally(() => {
        this.running.delete(run);
        this.slots.release();
      });
    this.running.add(run);
    await adoption;
  }

  private async run(job: AdoptedJob): Promise<void> {
    try {
      await this.runner.run(job);
    } catch (error) {
      const line = `Job ${job.id} was neither ended nor returned to the queue: ${reasonOf(error)}`;
      this.logger.error(jobLine(line, job));
    }
  }

  private async adopt(queued: RoutedJob): Promise<AdoptedJob | undefined> {
    const { id } = queued;
    try {
      return await this.adopter.adopt(id);
    } catch (error) {
      this.warn({ id, error });
      await delay(RETRY_MS, undefined, { signal: this.lifecycle.workEnds }).catch(() => {});
      this.feeder.offer([queued]);
      return undefined;
    }
  }
}
