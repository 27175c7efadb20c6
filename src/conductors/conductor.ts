import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { ConductorRepository } from './conductor.repository.js';
import { LeaseUnsure } from './errors.js';
import { LeaseKeeper, type Life } from './lease-keeper.js';

/** This process, as the database and other processes know it. */
@Injectable()
export class Conductor implements OnModuleInit, OnApplicationShutdown {
  readonly hostname: string;
  private readonly logger = new Logger(Conductor.name);
  private readonly keeper: LeaseKeeper;

  constructor(
    private readonly repository: ConductorRepository,
    @Inject(CONFIG) config: Config,
  ) {
    this.hostname = config.hostname;
    this.keeper = new LeaseKeeper({
      lease: config.lease * 1000,
      register: (id) => this.repository.register(id, this.hostname),
      renew: (id) => this.repository.renew(id),
      warn: (message) => this.logger.warn(message),
    });
    this.keeper.onLost(() =>
      this.logger.error('The lease of this process ended: its locks and jobs are lost.'),
    );
  }

  /** Before anything that needs it: other modules begin at the bootstrap. */
  async onModuleInit(): Promise<void> {
    await this.keeper.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.keeper.stop();
    const { life } = this.keeper;
    if (life) await this.repository.unregister(life.id).catch(() => {});
  }

  /**
   * The life in which locks and jobs may be taken now.
   * @throws LeaseUnsure (503) when the lease is not sure.
   */
  get life(): Life {
    const { life } = this.keeper;
    if (life) return life;
    throw new LeaseUnsure();
  }

  /** Whether that life still goes on, by this process's own clock. */
  isAlive(life: Life): boolean {
    return this.keeper.life === life;
  }

  /** Called when a life has ended: locks and jobs that were taken in it may belong to others. */
  onLost(listener: () => void): void {
    this.keeper.onLost(listener);
  }

  /** One renewal; public so that a test need not wait for the clock. */
  beat(): Promise<void> {
    return this.keeper.beat();
  }
}
