import { Injectable, Logger } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { NodeLockLost } from './errors.js';
import { type Reservation } from './reservation.js';

/** The reservations that this process holds; all are aborted when its lease ends. */
@Injectable()
export class HeldLocks {
  private readonly logger = new Logger(HeldLocks.name);
  private readonly held = new Map<string, Reservation>();

  constructor(conductor: Conductor) {
    conductor.onLost(() => this.abortAll());
  }

  keep(reservation: Reservation): void {
    this.held.set(reservation.token, reservation);
  }

  drop(reservation: Reservation): void {
    this.held.delete(reservation.token);
  }

  private abortAll(): void {
    for (const reservation of this.held.values()) {
      this.logger.error(`The lock on node ${reservation.node.uuid} was lost.`);
      reservation.abort(new NodeLockLost(reservation.node.uuid));
    }
    this.held.clear();
  }
}
