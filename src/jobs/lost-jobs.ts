import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { giveUp } from '../database/transitions/give-up.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { JobMetrics } from '../metrics/job.metrics.js';
import { JobWatch } from './following/job-watch.js';
import { intervalFor, JobSearch } from './job-search.js';
import { jobLine, LAST_ERROR } from './record/job.js';
import { JobRepository } from './record/job.repository.js';

const LIMIT = 1_000;

const LOST = {
  message:
    'The conductor that ran the job stopped responding; the effect of the method is unknown, and it is not run again.',
  lastError: LAST_ERROR,
};

/** Ends jobs whose conductor stopped responding, and frees their nodes. */
@Injectable()
export class LostJobs implements OnApplicationShutdown {
  private readonly logger = new Logger(LostJobs.name);
  readonly search: JobSearch;

  constructor(
    private readonly database: Database,
    private readonly repository: JobRepository,
    private readonly conductor: Conductor,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: JobMetrics,
    private readonly watch: JobWatch,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    const interval = intervalFor(config.lease);
    this.search = new JobSearch(lifecycle, 'for jobs of dead conductors', interval, () => this.giveUp());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.search.stop();
  }

  private async giveUp(): Promise<void> {
    for (let found = LIMIT; found === LIMIT && !this.lifecycle.isDraining;) {
      const { latestDatabaseTime } = this.conductor;
      const lost = await giveUp(this.database.hot, LOST, LIMIT, latestDatabaseTime, this.config);
      if (lost.length > 0) this.watch.changed();
      for (const job of await this.repository.logged(lost)) {
        const line = `The outcome of job ${job.id} is unknown: its conductor stopped responding.`;
        this.logger.error(jobLine(line, job));
      }
      this.metrics.ended('outcome-unknown', lost.length);
      found = lost.length;
    }
  }
}
