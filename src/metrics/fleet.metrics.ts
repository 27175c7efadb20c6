import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { Database } from '../database/database.js';
import { END_STATES as JOB_END_STATES } from '../database/job-state.js';
import { openFleetCalls, type OpenFleetCalls } from '../database/reads/open-fleet-calls.js';
import { Reading } from './reading.js';

/** Milliseconds; shorter than the ten seconds that Prometheus waits for a scrape. */
const LIMIT = 2_000;
const OPEN_STATES = ['running', 'paused', 'stopping', 'cancelling'] as const;
const END_STATES = ['finished', 'stopped', 'cancelled'] as const;
const OUTCOMES = [...JOB_END_STATES, 'skipped'] as const;

@Injectable()
export class FleetMetrics {
  private readonly ends: Counter<'state'>;
  private readonly nodes: Counter<'outcome'>;

  constructor(registry: Registry, database: Database) {
    const registers = [registry];
    this.ends = new Counter({
      name: 'ferrule_fleet_calls_ended_total',
      help: 'Fleet calls whose end this process recorded, by the state that they ended in.',
      labelNames: ['state'],
      registers,
    });
    for (const state of END_STATES) this.ends.inc({ state }, 0);
    this.nodes = new Counter({
      name: 'ferrule_fleet_call_nodes_total',
      help: 'Nodes of the fleet calls whose end this process recorded, by what came of their calls; `skipped`: they were not called.',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of OUTCOMES) this.nodes.inc({ outcome }, 0);
    const reading = new Reading<OpenFleetCalls>(() => openFleetCalls(database), LIMIT);
    new Gauge({
      name: 'ferrule_fleet_calls',
      help: 'Fleet calls of all processes that have not ended, by state. Every process shows the figures of the whole table; after a failed reading they are absent.',
      labelNames: ['state'],
      registers,
      async collect() {
        const open = await reading.latest();
        this.reset();
        if (open === undefined) return;
        for (const state of OPEN_STATES) this.set({ state }, open.counts[state] ?? 0);
      },
    });
    new Gauge({
      name: 'ferrule_fleet_call_oldest_seconds',
      help: 'How long ago the oldest fleet call of all processes was made that has not ended and is not paused; 0 without one, NaN if the database did not answer.',
      registers,
      async collect() {
        this.set((await reading.latest())?.oldestSeconds ?? NaN);
      },
    });
  }

  /** @param counts its nodes by their states. */
  ended(state: string, counts: Readonly<Partial<Record<string, number>>>): void {
    this.ends.inc({ state });
    for (const [outcome, count = 0] of Object.entries(counts)) this.nodes.inc({ outcome }, count);
  }
}
