import { Global, Module } from '@nestjs/common';
import { Heartbeat } from './heartbeat.js';
import { ReservationRepository } from './reservation.repository.js';
import { ReservationsService } from './reservations.service.js';

/** The exclusive locks on nodes. */
@Global()
@Module({
  providers: [ReservationRepository, Heartbeat, ReservationsService],
  exports: [ReservationsService, Heartbeat],
})
export class ReservationsModule {}
