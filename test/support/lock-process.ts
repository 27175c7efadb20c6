import { type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Conductor } from '../../src/conductors/conductor.js';
import { ConductorRepository } from '../../src/conductors/conductor.repository.js';
import { loadConfig } from '../../src/config/load-config.js';
import { type Database } from '../../src/database/database.js';
import { Lifecycle } from '../../src/lifecycle/lifecycle.js';
import { LockMetrics } from '../../src/metrics/lock.metrics.js';
import { HeldLocks } from '../../src/reservations/held-locks.js';
import { LockWaiterRepository } from '../../src/reservations/lock-waiter.repository.js';
import { LockWaiters } from '../../src/reservations/lock-waiters.js';
import { OrphanedLocks } from '../../src/reservations/orphaned-locks.js';
import { ReservationRepository } from '../../src/reservations/reservation.repository.js';
import { ReservationsService } from '../../src/reservations/reservations.service.js';
import { SecretsAtRest } from '../../src/secrets/at-rest/secrets-at-rest.js';
import { processNamed } from './process-named.js';

/** As far as locks are concerned. @returns its `parts` that must be shut down, in this order, and the others. */
export async function startLockProcess(database: Database, host: string, env: Record<string, string> = {}) {
  const config = loadConfig({ FERRULE_HOSTNAME: host, FERRULE_LOCK_INTERVAL: '5ms', ...env });
  const lifecycle = new Lifecycle(10);
  const own = new ConductorRepository(database, new SecretsAtRest(), processNamed(host), config);
  const conductor = new Conductor(own, config, lifecycle);
  const repository = new ReservationRepository(database, conductor);
  const held = new HeldLocks(conductor);
  const orphans = new OrphanedLocks(repository, held, conductor, config);
  const metrics = new LockMetrics(new Registry());
  const lines = new LockWaiterRepository(database, conductor);
  const waiters = new LockWaiters(lines, conductor, lifecycle, metrics);
  const service = new ReservationsService(repository, held, orphans, conductor, waiters, metrics, config);
  await conductor.onModuleInit();
  const parts: readonly OnApplicationShutdown[] = [waiters, orphans, lifecycle, conductor];
  return { repository, conductor, orphans, service, lifecycle, parts };
}
