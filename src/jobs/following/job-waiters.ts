import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { endedJobs } from '../../database/reads/ended-jobs.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { EndWaiters } from './end-waiters.js';
import { JobWatch } from './job-watch.js';

/** Requests that wait for the ends of jobs. */
@Injectable()
export class JobWaiters extends EndWaiters {
  constructor(
    @Inject(Database) database: Pick<Database, 'hot'>,
    lifecycle: Lifecycle,
    @Inject(JobWatch) watch: Pick<JobWatch, 'follow' | 'now'>,
  ) {
    const ends = {
      what: 'jobs',
      most: 1_000,
      share: 250,
      ended: (ids: readonly string[]) => endedJobs(database.hot, ids),
      follow: (onChange: (ended: readonly string[] | undefined) => void) =>
        watch.follow(({ jobs }) => onChange(jobs?.filter(({ hasEnded }) => hasEnded).map(({ id }) => id))),
      ready: () => watch.now(),
    };
    super(ends, lifecycle);
  }
}
