import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { JobSearch } from '../job-search.js';
import { JobRepository } from './job.repository.js';

/** Milliseconds. */
const INTERVAL = 60_000;
const LIMIT = 1_000;

/** Deletes jobs that ended longer ago than they are kept, and the oldest of too many. */
@Injectable()
export class JobRetention implements OnApplicationShutdown {
  readonly search: JobSearch;

  constructor(
    private readonly repository: JobRepository,
    private readonly lifecycle: Lifecycle,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.search = new JobSearch(lifecycle, 'for old jobs', INTERVAL, () => this.deleteOld());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.search.stop();
  }

  private async deleteOld(): Promise<void> {
    const { jobRetention: seconds, jobRetentionCount: count, webhookUrl } = this.config;
    const before = await this.repository.keptSince({ seconds, count });
    let deleted = { count: LIMIT, last: '-infinity' };
    while (deleted.count === LIMIT && !this.lifecycle.isDraining) {
      const options = { keepsUndelivered: webhookUrl !== undefined, since: deleted.last };
      deleted = await this.repository.deleteEnded(before, LIMIT, options);
    }
  }
}
