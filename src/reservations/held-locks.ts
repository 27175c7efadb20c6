import { Injectable, Logger } from '@nestjs/common';
import { NodeLockLost } from './errors.js';
import { lockLine } from './lock-line.js';
import { LockHolder } from './lock-holder.js';
import { type Reservation } from './reservation.js';

@Injectable()
export class HeldLocks {
  private readonly logger = new Logger(HeldLocks.name);
  private readonly known = new Map<string, Reservation | undefined>();

  constructor(holder: LockHolder) {
    holder.onLost(() => this.abortAll());
  }

  /** Locks of this process with any other token have no owner. */
  get tokens(): string[] {
    return [...this.known.keys()];
  }

  get all(): Reservation[] {
    return [...this.known.values()].filter((reservation) => reservation !== undefined);
  }

  /** Before the statement is sent that may take a lock with this token. */
  expect(token: string): void {
    this.known.set(token, undefined);
  }

  keep(reservation: Reservation): void {
    this.known.set(reservation.token, reservation);
  }

  drop(token: string): void {
    this.known.delete(token);
  }

  private abortAll(): void {
    for (const reservation of this.known.values()) {
      if (!reservation) continue;
      this.logger.error(lockLine(`The lock on node ${reservation.node.uuid} was lost.`, reservation));
      reservation.abort(new NodeLockLost(reservation.node.uuid));
    }
  }
}
