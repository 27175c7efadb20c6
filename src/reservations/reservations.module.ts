import { Global, Module } from '@nestjs/common';
import { HeldLocks } from './held-locks.js';
import { OrphanedLocks } from './orphaned-locks.js';
import { ReservationRepository } from './reservation.repository.js';
import { ReservationsService } from './reservations.service.js';

@Global()
@Module({
  providers: [ReservationRepository, HeldLocks, OrphanedLocks, ReservationsService],
  exports: [ReservationsService],
})
export class ReservationsModule {}
