import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { LostLocks } from './lost-locks.js';
import { HeldLocks } from './held-locks.js';
import { LockHolder } from './lock-holder.js';
import { LockWaiterRepository } from './lock-waiter.repository.js';
import { LockWaiters } from './lock-waiters.js';
import { OrphanedLocks } from './orphaned-locks.js';
import { ReservationRepository } from './reservation.repository.js';
import { ReservationsService } from './reservations.service.js';

@Module({})
export class ReservationsModule {
  /** @param holder a provider of a global module. */
  static register(holder: Type<LockHolder>): DynamicModule {
    return {
      module: ReservationsModule,
      global: true,
      providers: [
        { provide: LockHolder, useExisting: holder },
        ReservationRepository,
        HeldLocks,
        LostLocks,
        OrphanedLocks,
        LockWaiterRepository,
        LockWaiters,
        ReservationsService,
      ],
      exports: [ReservationsService, LostLocks],
    };
  }
}
