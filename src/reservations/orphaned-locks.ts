import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { type Life } from '../conductors/life.js';
import { CONFIG, type Config } from '../config/config.js';
import { LeaseUnsure } from '../conductors/errors.js';
import { reasonOf } from '../logging/reason-of.js';
import { HeldLocks } from './held-locks.js';
import { type Hold, ReservationRepository } from './reservation.repository.js';

const ROUNDS_PER_LEASE = 3;
/** Milliseconds until what could not be released is tried again. */
const RETRY_MS = 1_000;
/** How many locks are freed one by one; the rest is found when all locks are looked through. */
const MAXIMUM_DOUBTFUL = 1_000;

/**
 * Frees the locks of this process that nobody holds: those whose acquisition was lost on its way back, and
 * those whose release was lost on its way there.
 */
@Injectable()
export class OrphanedLocks implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OrphanedLocks.name);
  private readonly period: number;
  private readonly doubtful = new Map<string, Hold>();
  private lastLook: { readonly life: Life; readonly at: string } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private healing: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    private readonly repository: ReservationRepository,
    private readonly held: HeldLocks,
    private readonly conductor: Conductor,
    @Inject(CONFIG) config: Config,
  ) {
    this.period = (config.lease * 1000) / ROUNDS_PER_LEASE;
  }

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.healing;
  }

  /** A lock that may or may not be held, and that nobody wants. */
  add(hold: Hold): void {
    if (this.doubtful.size < MAXIMUM_DOUBTFUL) this.doubtful.set(hold.token, hold);
    void this.heal();
  }

  /** One round; a second call while one is under way joins it. Never rejects. */
  heal(): Promise<void> {
    this.healing ??= this.round().finally(() => {
      this.healing = undefined;
      this.schedule();
    });
    return this.healing;
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.isStopped) return;
    const pause = this.doubtful.size > 0 ? Math.min(RETRY_MS, this.period) : this.period;
    this.timer = setTimeout(() => void this.heal(), pause);
    this.timer.unref();
  }

  private async round(): Promise<void> {
    try {
      await Promise.all([...this.doubtful.values()].map((hold) => this.release(hold)));
      await this.freeUnknown();
    } catch (error) {
      // The conductor has said so already; in its next life it has none of these locks.
      if (error instanceof LeaseUnsure) return;
      this.logger.warn(`Locks without a holder could not be freed yet: ${reasonOf(error)}`);
    }
  }

  private async release(hold: Hold): Promise<void> {
    await this.repository.release(hold);
    this.doubtful.delete(hold.token);
  }

  private async freeUnknown(): Promise<void> {
    const { life } = this.conductor;
    const before = this.lastLook?.life === life ? this.lastLook.at : '-infinity';
    const { lookedAt, freed } = await this.repository.freeOrphans(life, this.held.tokens, before);
    this.lastLook = { life, at: lookedAt };
    if (freed > 0) this.logger.warn(`${freed} locks that were taken for nobody were freed.`);
  }
}
