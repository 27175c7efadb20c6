import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { LeaseUnsure } from '../lifecycle/errors.js';
import { reasonOf } from '../logging/reason-of.js';
import { ConductorRepository } from './conductor.repository.js';
import { LeaseKeeper } from './lease-keeper.js';
import { type Life } from './life.js';

@Injectable()
export class Conductor implements OnModuleInit, OnApplicationShutdown {
  readonly hostname: string;
  private readonly logger = new Logger(Conductor.name);
  private readonly keeper: LeaseKeeper;
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly repository: ConductorRepository,
    @Inject(CONFIG) config: Config,
  ) {
    this.hostname = config.hostname;
    this.keeper = new LeaseKeeper({
      lease: config.lease * 1000,
      register: (id) => this.repository.register(id, this.hostname),
      renew: (id) => this.repository.renew(id),
      onLost: () => this.abortAll(),
      onFailure: (error) => this.logger.warn(`The lease could not be renewed: ${reasonOf(error)}`),
    });
  }

  /** At init, because other modules need it in their bootstrap hooks. */
  async onModuleInit(): Promise<void> {
    await this.keeper.start();
  }

  async onApplicationShutdown(): Promise<void> {
    const { life } = this.keeper;
    this.keeper.stop();
    if (!life) return;
    await this.repository.unregister(life.id).catch((error: unknown) => {
      this.logger.warn(`This process could not be unregistered: ${reasonOf(error)}`);
    });
  }

  /** @throws LeaseUnsure (503) while the lease is not confirmed. */
  get life(): Life {
    const { life } = this.keeper;
    if (life) return life;
    throw new LeaseUnsure();
  }

  get latestDatabaseTime(): number {
    return this.repository.latestDatabaseTime;
  }

  get hasLease(): boolean {
    return this.keeper.life !== undefined;
  }

  onLost(listener: () => void): void {
    this.listeners.push(listener);
  }

  beat(): Promise<void> {
    return this.keeper.beat();
  }

  private abortAll(): void {
    this.logger.error('The lease of this process could not be renewed: its locks and jobs are given up.');
    for (const listener of this.listeners) listener();
  }
}
