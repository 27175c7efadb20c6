import { Inject, Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  type HealthCheckResult,
  type HealthIndicatorFunction,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { checkDataDisk } from './data-disk.js';

/** Longer than a healthy database takes under load, shorter than the usual timeout of a probe. */
const LIMIT_MS = 3_000;

@Injectable()
export class Readiness {
  private readonly logger = new Logger(Readiness.name);
  private readonly checks: HealthIndicatorFunction[] = [];
  private lastObstacles = '';

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    database: Database,
    private readonly lifecycle: Lifecycle,
    @Inject(CONFIG) config: Config,
  ) {
    this.add('database', () => database.ping());
    this.add('disk', async () => {
      if (database.isDiskFull) throw new Error('The disk of PostgreSQL is full.');
      await checkDataDisk(config);
    });
  }

  /** @param isUp returns the known state at once. */
  watch(name: string, isUp: () => boolean): void {
    const indicator = this.indicators.check(name);
    this.checks.push(() => (isUp() ? indicator.up() : indicator.down()));
  }

  async check(): Promise<HealthCheckResult> {
    const result = await this.run();
    // Expected while starting and shutting down.
    if (this.lifecycle.phase === 'serving') this.log(result);
    return result;
  }

  private async run(): Promise<HealthCheckResult> {
    const own = this.indicators.check('process');
    const { phase } = this.lifecycle;
    try {
      return await this.health.check([
        () => (phase === 'serving' ? own.up() : own.down(phase)),
        ...this.checks,
      ]);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  private add(name: string, attempt: () => Promise<void>): void {
    this.checks.push(() => this.indicators.check(name).attempt(attempt).withTimeout(LIMIT_MS));
  }

  private log({ error = {} }: HealthCheckResult): void {
    const obstacles = Object.keys(error).join(', ');
    if (obstacles === this.lastObstacles) return;
    this.lastObstacles = obstacles;
    if (obstacles === '') this.logger.log('Ready again.');
    else this.logger.warn(`Not ready: ${obstacles}.`);
  }
}
