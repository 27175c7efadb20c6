import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { type LockDetails } from '../database/reads/lock-details.js';
import { DatabaseUnavailable } from '../database/faults/errors.js';
import { LeaseUnsure } from '../lifecycle/errors.js';
import { type Stop } from '../waiting/stop.js';
import { LockMetrics } from '../metrics/lock.metrics.js';
import { reasonOf } from '../logging/reason-of.js';
import { NodeLocked, NodeNotFound } from './errors.js';
import { HeldLocks } from './held-locks.js';
import { lockLine } from './lock-line.js';
import { LockHolder } from './lock-holder.js';
import { type Attempt, LockWaiters, type Patience } from './lock-waiters.js';
import { OrphanedLocks } from './orphaned-locks.js';
import { type Lockable, type LockUse, Reservation } from './reservation.js';
import { type Acquisition, ReservationRepository } from './reservation.repository.js';

export interface LockWait {
  /** Ends the waiting; its reason is then thrown, and no lock is left behind. */
  readonly stop?: Stop | undefined;
  /** To wait in line for the lock; undefined for a few tries, which take it only if nobody stands there. */
  readonly line?: LineWait | undefined;
}

export interface LineWait {
  readonly seconds: number;
  /** With which others it shares its part of the places. */
  readonly origin: string;
}

@Injectable()
export class ReservationsService {
  private readonly logger = new Logger(ReservationsService.name);
  private readonly tries: number;
  private readonly interval: number;

  constructor(
    private readonly repository: ReservationRepository,
    private readonly held: HeldLocks,
    private readonly orphans: OrphanedLocks,
    private readonly holder: LockHolder,
    private readonly waiters: LockWaiters,
    private readonly metrics: LockMetrics,
    @Inject(CONFIG) config: Config,
  ) {
    this.tries = config.lockTries;
    this.interval = config.lockInterval * 1000;
  }

  /** @throws NodeLocked, LockLineFull, NodeNotFound, LeaseUnsure, DatabaseUnavailable, AuditUnavailable. */
  async acquire(node: Lockable, use: LockUse, wait: LockWait = {}): Promise<Reservation> {
    return this.whenFree(node, (place) => this.tryAcquire(node, use, wait.stop, place), wait);
  }

  /** As `acquire`, with one attempt. @returns undefined if the node is held. */
  async acquireIfFree(node: Lockable, use: LockUse, stop?: Stop): Promise<Reservation | undefined> {
    return this.tryAcquire(node, use, stop);
  }

  /**
   * Repeats an attempt while the node is held: as often as FERRULE_LOCK_TRIES says, and once more if the holder of the last
   * attempt is gone by then; or, for those who wait in line, whenever it is their turn.
   * @throws NodeLocked, LockLineFull
   */
  async whenFree<T>(node: Lockable, attempt: Attempt<T>, wait: LockWait = {}): Promise<T> {
    const began = performance.now();
    let outcome: 'taken' | 'refused' = 'refused';
    try {
      const result = await (wait.line === undefined
        ? this.repeat(node, attempt, wait.stop)
        : this.inLine(node, attempt, {
            stop: wait.stop,
            deadline: began + wait.line.seconds * 1_000,
            origin: wait.line.origin,
          }));
      outcome = 'taken';
      return result;
    } finally {
      this.metrics.waited(outcome, performance.now() - began);
    }
  }

  private async repeat<T>(node: Lockable, attempt: Attempt<T>, stop: Stop | undefined): Promise<T> {
    for (let tried = 1; ; tried++) {
      const result = await attempt(undefined);
      if (result !== undefined) return result;
      if (tried >= this.tries) {
        const holder = await this.repository.holder(node);
        if (holder || tried > this.tries) throw await this.refusal(node, holder);
      } else await this.pause(stop);
    }
  }

  private async inLine<T>(node: Lockable, attempt: Attempt<T>, patience: Patience): Promise<T> {
    const result = (await attempt(undefined)) ?? (await this.waiters.stand(node, attempt, patience));
    if (result !== undefined) return result;
    throw await this.refusal(node);
  }

  /** Says who has the lock, or how many stand in line for it. */
  async refusal(node: Lockable, known?: LockDetails): Promise<NodeLocked> {
    const holder = known ?? (await this.repository.holder(node));
    return new NodeLocked(node.uuid, holder, holder ? 0 : await this.waiters.count(node));
  }

  /** Who has the lock of the node; undefined if it is free. */
  holderOf(node: Lockable): Promise<LockDetails | undefined> {
    return this.repository.holder(node);
  }

  /** Whether a call could take the lock now: it is free, and nobody waits for it. */
  isFree(node: Lockable): Promise<boolean> {
    return this.repository.isFree(node);
  }

  /** Never rejects: a failed release is repeated in the background. */
  async release(reservation: Reservation): Promise<void> {
    if (!reservation.end()) return;
    this.metrics.held('call', performance.now() - reservation.takenAt);
    const hold = { nodeId: reservation.node.id, token: reservation.token };
    try {
      await this.repository.release(hold);
      this.waiters.nudge();
    } catch (error) {
      const line = `The lock on node ${reservation.node.uuid} could not be freed yet: ${reasonOf(error)}`;
      this.logger.warn(lockLine(line, reservation));
      this.orphans.add(hold);
    } finally {
      this.held.drop(hold.token);
    }
  }

  async hold<T>(node: Lockable, use: LockUse, work: (reservation: Reservation) => Promise<T>): Promise<T> {
    const reservation = await this.acquire(node, use);
    reservation.claim();
    try {
      return await work(reservation);
    } finally {
      await this.release(reservation);
    }
  }

  private async tryAcquire(
    node: Lockable,
    use: LockUse,
    stop: Stop | undefined,
    place?: string,
  ): Promise<Reservation | undefined> {
    const token = randomUUID();
    this.held.expect(token);
    let acquisition: Acquisition;
    try {
      acquisition = await this.repository.acquire({ node, token, place, ...use }, stop);
    } catch (error) {
      this.held.drop(token);
      if (error instanceof DatabaseUnavailable) this.orphans.add({ nodeId: node.id, token });
      throw error;
    }
    if (acquisition.state === 'taken') {
      use.onTaken?.();
      return this.take({ node, token, use }, acquisition, stop);
    }
    this.held.drop(token);
    if (acquisition.state === 'gone') throw new NodeNotFound(node.uuid);
    if (acquisition.state === 'busy') return undefined;
    await this.holder.beat();
    throw new LeaseUnsure();
  }

  private async take(
    { node, token, use }: { readonly node: Lockable; readonly token: string; readonly use: LockUse },
    { fence, nodeUpdatedAt, life }: Extract<Acquisition, { state: 'taken' }>,
    stop: Stop | undefined,
  ): Promise<Reservation> {
    const reservation = new Reservation(node, token, fence, nodeUpdatedAt, life, use);
    this.held.keep(reservation);
    if (!life.isOver && !stop?.reason) return reservation;
    await this.release(reservation);
    stop?.throwIfAborted();
    throw new LeaseUnsure();
  }

  private async pause(stop: Stop | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        stop?.removeListener(end);
        resolve();
      };
      const timer = setTimeout(end, this.interval);
      stop?.onAbort(end);
    });
    stop?.throwIfAborted();
  }
}
