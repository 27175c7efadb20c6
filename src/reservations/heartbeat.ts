import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { NodeLockLost } from './errors.js';
import { LeaseKeeper } from './lease-keeper.js';
import { type Reservation } from './reservation.js';
import { ReservationRepository } from './reservation.repository.js';

/**
 * Renews the reservations that this process holds, and aborts those that it could not renew: their lease
 * may run out, and then somebody else may hold the node.
 */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Heartbeat.name);
  private readonly keeper: LeaseKeeper<Reservation>;

  constructor(
    private readonly repository: ReservationRepository,
    @Inject(CONFIG) config: Config,
  ) {
    this.keeper = new LeaseKeeper({
      what: 'locks',
      lease: config.lease * 1000,
      renew: (tokens) => this.repository.renew(tokens),
      onLost: (reservation) => this.abort(reservation),
    });
  }

  onApplicationBootstrap(): void {
    this.keeper.start();
  }

  onApplicationShutdown(): void {
    this.keeper.stop();
  }

  keep(reservation: Reservation): void {
    this.keeper.keep(reservation.token, reservation);
  }

  drop(reservation: Reservation): void {
    this.keeper.drop(reservation.token);
  }

  /** One renewal of everything; public so that a test need not wait for the clock. */
  beat(): Promise<void> {
    return this.keeper.beat();
  }

  private abort(reservation: Reservation): void {
    this.logger.error(`The lock on node ${reservation.node.uuid} was lost.`);
    reservation.abort(new NodeLockLost(reservation.node.uuid));
  }
}
