import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Conductor } from '../../conductors/conductor.js';
import { CONFIG, type Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { giveBackForgotten } from '../../database/transitions/give-back.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { JobWatch } from '../following/job-watch.js';
import { intervalFor, JobSearch } from '../job-search.js';
import { JobFeeder } from '../queue/job.feeder.js';
import { jobLine } from '../record/job.js';
import { JobRepository } from '../record/job.repository.js';
import { RunningJobs } from './running-jobs.js';

/** Returns to the queue what this process adopted without getting the answer. */
@Injectable()
export class ForgottenJobs implements OnApplicationShutdown {
  private readonly logger = new Logger(ForgottenJobs.name);
  readonly search: JobSearch;
  private lookedAt = '-infinity';

  constructor(
    private readonly database: Database,
    private readonly repository: JobRepository,
    private readonly conductor: Conductor,
    private readonly jobs: RunningJobs,
    private readonly feeder: JobFeeder,
    private readonly watch: JobWatch,
    lifecycle: Lifecycle,
    @Inject(CONFIG) { lease }: Config,
  ) {
    this.search = new JobSearch(lifecycle, 'for forgotten jobs', intervalFor(lease), () => this.giveBack());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.search.stop();
  }

  private async giveBack(): Promise<void> {
    const known = this.jobs.known;
    const { id } = this.conductor.life;
    const { lookedAt, ids: forgotten } = await giveBackForgotten(this.database.hot, id, known, this.lookedAt);
    this.lookedAt = lookedAt;
    if (forgotten.length === 0) return;
    this.feeder.offer(await this.repository.routed(forgotten));
    this.watch.changed();
    for (const job of await this.repository.logged(forgotten)) {
      const line = `Job ${job.id} was returned to the queue: the answer to its adoption was lost.`;
      this.logger.warn(jobLine(line, job));
    }
  }
}
