import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { CONFIG, type Config } from '../config/config.js';
import { LeaseUnsure } from '../conductors/errors.js';
import { codeOf } from '../database/error-code.js';
import { LockedNodeGone, NodeLocked } from './errors.js';
import { HeldLocks } from './held-locks.js';
import { type Lockable, type Reservation } from './reservation.js';
import { ReservationRepository } from './reservation.repository.js';

/** PostgreSQL's code for a row that refers to one which is not there. */
const FOREIGN_KEY_VIOLATION = '23503';

/** Takes and frees the exclusive locks of this process. */
@Injectable()
export class ReservationsService {
  private readonly tries: number;
  private readonly interval: number;

  constructor(
    private readonly repository: ReservationRepository,
    private readonly held: HeldLocks,
    private readonly conductor: Conductor,
    @Inject(CONFIG) config: Config,
  ) {
    this.tries = config.lockTries;
    this.interval = config.lockInterval * 1000;
  }

  /**
   * The exclusive lock on a node; tried a few times while another holds it.
   * @param purpose what it is for, shown to those who are refused, for example `request:req-…`.
   * @throws NodeLocked with the holder, LockedNodeGone.
   */
  async acquire(node: Lockable, purpose: string, signal?: AbortSignal): Promise<Reservation> {
    return this.whenFree(node, () => this.tryAcquire(node, purpose), signal);
  }

  /**
   * Tries something that needs the node to be free, as often and as long as a lock is waited for.
   * @param attempt undefined when the node is held.
   * @throws NodeLocked with the holder.
   */
  async whenFree<T>(node: Lockable, attempt: () => Promise<T | undefined>, signal?: AbortSignal): Promise<T> {
    for (let tried = 1; ; tried++) {
      const result = await attempt();
      if (result !== undefined) return result;
      if (tried >= this.tries) {
        const holder = await this.repository.holder(node);
        if (holder) throw new NodeLocked(node.uuid, holder);
        // Freed between the last try and the look at who holds it: one more try is fair.
      }
      if (tried < this.tries) await delay(this.interval, undefined, signal && { signal });
    }
  }

  /** Frees a lock; the second time nothing happens. */
  async release(reservation: Reservation): Promise<void> {
    if (!reservation.end()) return;
    this.held.drop(reservation);
    await this.repository.release(reservation);
  }

  /** Does some work under the exclusive lock. */
  async hold<T>(node: Lockable, purpose: string, work: (reservation: Reservation) => Promise<T>): Promise<T> {
    const reservation = await this.acquire(node, purpose);
    reservation.claim();
    try {
      return await work(reservation);
    } finally {
      await this.release(reservation);
    }
  }

  private async tryAcquire(node: Lockable, purpose: string): Promise<Reservation | undefined> {
    try {
      const { life } = this.conductor;
      const reservation = await this.repository.acquire(node, randomUUID(), purpose, life);
      if (!reservation) return undefined;
      if (!this.conductor.isAlive(life)) throw new LeaseUnsure();
      this.held.keep(reservation);
      return reservation;
    } catch (error) {
      if (codeOf(error) !== FOREIGN_KEY_VIOLATION) throw error;
      throw new LockedNodeGone(node.uuid);
    }
  }
}
