import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Conductor } from '../../conductors/conductor.js';
import { Database } from '../../database/database.js';
import { cancelRequests } from '../../database/reads/cancel-requests.js';
import { endedJobs } from '../../database/reads/ended-jobs.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { JobSearch } from '../job-search.js';
import { RunningJobs } from './running-jobs.js';

/** Milliseconds. */
const INTERVAL = 1_000;

/** Aborts jobs of this process that another process was asked to cancel, or ended. */
@Injectable()
export class StoppedJobs implements OnApplicationShutdown {
  readonly search: JobSearch;

  constructor(
    private readonly database: Database,
    private readonly conductor: Conductor,
    private readonly jobs: RunningJobs,
    lifecycle: Lifecycle,
  ) {
    this.search = new JobSearch(lifecycle, 'for jobs to cancel', INTERVAL, () => this.stop());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.search.stop();
  }

  private async stop(): Promise<void> {
    if (this.jobs.isIdle || !this.conductor.hasLease) return;
    const ids = await cancelRequests(this.database.hot, this.conductor.life.id);
    for (const id of ids) this.jobs.cancel(id);
    for (const id of await endedJobs(this.database.hot, this.jobs.ids)) this.jobs.endedElsewhere(id);
  }
}
