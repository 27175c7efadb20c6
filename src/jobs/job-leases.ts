import { FerruleError } from '@ferrule/driver-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { LeaseKeeper } from '../reservations/lease-keeper.js';
import { JobRepository } from './job.repository.js';

/** The lease of a job ran out: somebody else has declared its outcome unknown. */
export class JobLeaseLost extends FerruleError {
  readonly code = 'JobLeaseLost';
  readonly status = 500;
  constructor(id: string) {
    super(`The lease of job ${id} could not be renewed in time.`);
  }
}

interface RunningJob {
  readonly id: string;
  readonly controller: AbortController;
}

/** Renews the leases of the jobs that this process runs, with the locks that they own. */
@Injectable()
export class JobLeases implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly keeper: LeaseKeeper<RunningJob>;

  constructor(jobs: JobRepository, @Inject(CONFIG) config: Config) {
    this.keeper = new LeaseKeeper({
      what: 'jobs',
      lease: config.lease * 1000,
      renew: (ids) => jobs.renew(ids),
      onLost: ({ id, controller }) => controller.abort(new JobLeaseLost(id)),
    });
  }

  onApplicationBootstrap(): void {
    this.keeper.start();
  }

  onApplicationShutdown(): void {
    this.keeper.stop();
  }

  /** The signal is aborted when the job is not this process's any more. */
  keep(id: string): AbortSignal {
    const controller = new AbortController();
    this.keeper.keep(id, { id, controller });
    return controller.signal;
  }

  drop(id: string): void {
    this.keeper.drop(id);
  }

  /** One renewal of everything; public so that a test need not wait for the clock. */
  beat(): Promise<void> {
    return this.keeper.beat();
  }
}
