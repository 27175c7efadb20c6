import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { LeaseUnsure } from '../lifecycle/errors.js';
import { reasonOf } from '../logging/reason-of.js';
import { Periodic } from '../waiting/periodic.js';
import { HeldLocks } from './held-locks.js';
import { type Life, LockHolder } from './lock-holder.js';
import { type Hold, ReservationRepository } from './reservation.repository.js';

const ROUNDS_PER_LEASE = 3;
const RETRY_MS = 1_000;
/** Most that are released individually; others are found by comparing all locks with the known tokens. */
const MAXIMUM_DOUBTFUL = 1_000;

@Injectable()
export class OrphanedLocks implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OrphanedLocks.name);
  private readonly doubtful = new Map<string, Hold>();
  private lastLook: { readonly life: Life; readonly at: string } | undefined;
  private readonly rounds: Periodic;

  constructor(
    private readonly repository: ReservationRepository,
    private readonly held: HeldLocks,
    private readonly holder: LockHolder,
    @Inject(CONFIG) config: Config,
  ) {
    const period = (config.lease * 1000) / ROUNDS_PER_LEASE;
    this.rounds = new Periodic(
      () => (this.doubtful.size > 0 ? Math.min(RETRY_MS, period) : period),
      () => this.round(),
      (error) => this.tell(error),
    );
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  add(hold: Hold): void {
    if (this.doubtful.size < MAXIMUM_DOUBTFUL) this.doubtful.set(hold.token, hold);
    void this.heal();
  }

  /** Never rejects. */
  heal(): Promise<void> {
    return this.rounds.run();
  }

  private async round(): Promise<void> {
    await Promise.all([...this.doubtful.values()].map((hold) => this.release(hold)));
    await this.freeUnknown();
  }

  private tell(error: unknown): void {
    // Already logged; the next life owns none of these locks.
    if (error instanceof LeaseUnsure) return;
    this.logger.warn(`Locks without an owner could not be freed yet: ${reasonOf(error)}`);
  }

  private async release(hold: Hold): Promise<void> {
    await this.repository.release(hold);
    this.doubtful.delete(hold.token);
  }

  private async freeUnknown(): Promise<void> {
    const { life } = this.holder;
    const before = this.lastLook?.life === life ? this.lastLook.at : '-infinity';
    const { lookedAt, freed } = await this.repository.freeOrphans(life, this.held.tokens, before);
    this.lastLook = { life, at: lookedAt };
    if (freed > 0) this.logger.warn(`${freed} locks without an owner were freed.`);
  }
}
