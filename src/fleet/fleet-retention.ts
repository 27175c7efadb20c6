import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { Periodic } from '../waiting/periodic.js';
import { FleetCallRepository } from './fleet-call.repository.js';

const INTERVAL = 60_000;

/** Deletes fleet calls that ended longer ago than jobs are kept. */
@Injectable()
export class FleetRetention implements OnApplicationShutdown {
  private readonly logger = new Logger(FleetRetention.name);
  readonly rounds: Periodic;

  constructor(
    private readonly repository: FleetCallRepository,
    private readonly lifecycle: Lifecycle,
    @Inject(CONFIG) private readonly config: Pick<Config, 'jobRetention'>,
  ) {
    this.rounds = new Periodic(
      () => INTERVAL,
      () => this.deleteOld(),
      (error) => this.logger.warn(`The search for old fleet calls failed: ${reasonOf(error)}`),
    );
    lifecycle.onServing(() => this.rounds.start());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async deleteOld(): Promise<void> {
    while (!this.lifecycle.isDraining && (await this.repository.deleteEnded(this.config.jobRetention)));
  }
}
