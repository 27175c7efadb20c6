import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Conductor } from '../../conductors/conductor.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { Periodic } from '../../waiting/periodic.js';
import { IdempotencyKeyRepository } from './idempotency-key.repository.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { KeptAnswers } from './kept-answers.js';

/** Of the answers of a caller the newest are kept, of so many bytes together. */
export const ANSWERS_OF_CALLER = 268_435_456;
/** A process looks for callers with more whenever it has stored so many bytes. */
const SLICE = 8_388_608;
/** Milliseconds. */
const DISOWN_INTERVAL = 10_000;
const RETENTION_INTERVAL = 60_000;
const BOUND_INTERVAL = 1_000;
const LIMIT = 1_000;

/** Gives up keys that no call holds, and deletes keys and answers that are not kept any longer. */
@Injectable()
export class KeySweeper implements OnApplicationShutdown {
  private readonly rounds: readonly Periodic[];
  private boundedAt = 0;

  constructor(
    private readonly repository: IdempotencyKeyRepository,
    private readonly keys: IdempotencyKeys,
    private readonly answers: KeptAnswers,
    private readonly conductor: Conductor,
    private readonly lifecycle: Lifecycle,
  ) {
    const logger = new Logger(KeySweeper.name);
    const warn = throttled((message) => logger.warn(message));
    const every = (interval: number, work: () => Promise<void>) =>
      new Periodic(
        () => interval,
        work,
        (error) => warn(`Idempotency keys could not be looked after: ${reasonOf(error)}`),
      );
    this.rounds = [
      every(DISOWN_INTERVAL, () => this.disown()),
      every(RETENTION_INTERVAL, () => this.deleteOld()),
      every(BOUND_INTERVAL, () => this.bound()),
    ];
    lifecycle.onServing(() => this.rounds.forEach((round) => round.start()));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.rounds.map((round) => round.stop()));
  }

  private async disown(): Promise<void> {
    if (!this.conductor.hasLease) return;
    await this.repository.disown(this.conductor.life.id, this.keys.heldIds);
  }

  private async deleteOld(): Promise<void> {
    await this.repository.allAccepted();
    await this.often(() => this.repository.deleteOld(LIMIT));
  }

  private async bound(): Promise<void> {
    const { storedBytes } = this.answers;
    if (storedBytes - this.boundedAt < SLICE) return;
    await this.often(() => this.repository.dropBeyond(ANSWERS_OF_CALLER, LIMIT));
    this.boundedAt = storedBytes;
  }

  /** Until less is found than a round may find. */
  private async often(round: () => Promise<number>): Promise<void> {
    for (let found = LIMIT; found === LIMIT && !this.lifecycle.isDraining;) found = await round();
  }
}
