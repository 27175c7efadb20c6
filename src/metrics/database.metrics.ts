import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { Database } from '../database/database.js';

@Injectable()
export class DatabaseMetrics {
  constructor(registry: Registry, database: Database) {
    new Gauge({
      name: 'ferrule_database_sessions',
      help: 'Sessions of a pool with the database: `busy`, `idle`, and at most (`max`).',
      labelNames: ['pool', 'state'],
      registers: [registry],
      collect() {
        for (const [pool, { busy, idle, max }] of Object.entries(database.usage)) {
          this.set({ pool, state: 'busy' }, busy);
          this.set({ pool, state: 'idle' }, idle);
          this.set({ pool, state: 'max' }, max);
        }
      },
    });
    new Gauge({
      name: 'ferrule_database_waiting',
      help: 'Statements that wait for a session of a pool.',
      labelNames: ['pool'],
      registers: [registry],
      collect() {
        for (const [pool, { waiting }] of Object.entries(database.usage)) this.set({ pool }, waiting);
      },
    });
  }
}
