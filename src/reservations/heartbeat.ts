import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { NodeLockLost } from './errors.js';
import { type Reservation } from './reservation.js';
import { ReservationRepository } from './reservation.repository.js';

/** Beats in the time of one lease: two may fail before a lock is in danger. */
const BEATS_PER_LEASE = 3;

/**
 * Renews the leases of all reservations that this process holds. What could not be renewed is aborted:
 * its lease may run out, and then somebody else may hold the node.
 */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Heartbeat.name);
  private readonly held = new Map<string, Reservation>();
  private readonly lease: number;
  private timer: NodeJS.Timeout | undefined;
  /** Of the process's own clock: when the last renewal that succeeded was asked for. */
  private renewedAt = performance.now();

  constructor(
    private readonly repository: ReservationRepository,
    @Inject(CONFIG) config: Config,
  ) {
    this.lease = config.lease * 1000;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.beat(), this.lease / BEATS_PER_LEASE);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  keep(reservation: Reservation): void {
    if (this.held.size === 0) this.renewedAt = performance.now();
    this.held.set(reservation.token, reservation);
  }

  drop(reservation: Reservation): void {
    this.held.delete(reservation.token);
  }

  /** One renewal of everything; public so that a test need not wait for the clock. */
  async beat(): Promise<void> {
    const tokens = [...this.held.keys()];
    const askedAt = performance.now();
    try {
      await this.repository.clearExpired();
      if (tokens.length === 0) return;
      const renewed = await this.repository.renew(tokens);
      this.renewedAt = askedAt;
      this.abort(tokens.filter((token) => !renewed.has(token)));
    } catch (error) {
      this.logger.warn(`The leases of ${tokens.length} locks could not be renewed: ${String(error)}`);
      if (performance.now() - this.renewedAt > this.lease) this.abort(tokens);
    }
  }

  private abort(tokens: readonly string[]): void {
    for (const token of tokens) {
      const reservation = this.held.get(token);
      if (!reservation) continue;
      this.held.delete(token);
      this.logger.error(`The lock on node ${reservation.node.uuid} was lost.`);
      reservation.abort(new NodeLockLost(reservation.node.uuid));
    }
  }
}
