import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type EndState, END_STATES } from '../database/job-state.js';
import { Database } from '../database/database.js';
import { openJobs, type OpenJobs } from '../database/reads/open-jobs.js';
import { Reading } from './reading.js';

/** Milliseconds; shorter than the ten seconds that Prometheus waits for a scrape. */
const LIMIT = 2_000;
const WAIT_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];

export interface SlotUse {
  readonly used: number;
  readonly total: number;
}

@Injectable()
export class JobMetrics {
  private readonly acceptances: Counter;
  private readonly ends: Counter<'state'>;
  private readonly waits: Histogram;
  private readonly reading: Reading<OpenJobs>;

  constructor(
    private readonly registry: Registry,
    database: Database,
  ) {
    const registers = [registry];
    this.reading = new Reading(() => openJobs(database), LIMIT);
    this.acceptances = new Counter({
      name: 'ferrule_jobs_accepted_total',
      help: 'Jobs that this process accepted.',
      registers,
    });
    this.ends = new Counter({
      name: 'ferrule_jobs_ended_total',
      help: 'Jobs whose end this process recorded, by the state that they ended in.',
      labelNames: ['state'],
      registers,
    });
    for (const state of END_STATES) this.ends.inc({ state }, 0);
    this.waits = new Histogram({
      name: 'ferrule_job_queue_wait_seconds',
      help: 'From the acceptance of a job to its start in this process.',
      buckets: WAIT_SECONDS,
      registers,
    });
    this.watchTable(registers);
  }

  accepted(): void {
    this.acceptances.inc();
  }

  started(queuedMilliseconds: number): void {
    this.waits.observe(queuedMilliseconds / 1_000);
  }

  ended(state: EndState, count = 1): void {
    this.ends.inc({ state }, count);
  }

  /** @param read is called at each scrape. */
  watchSlots(read: () => SlotUse): void {
    new Gauge({
      name: 'ferrule_job_slots',
      help: 'Jobs that this process runs now (`used`), and that it may run at the same time (`total`, FERRULE_CONDUCTOR_CONCURRENCY).',
      labelNames: ['kind'],
      registers: [this.registry],
      collect() {
        const { used, total } = read();
        this.set({ kind: 'used' }, used);
        this.set({ kind: 'total' }, total);
      },
    });
  }

  /** Every process shows these figures of the whole table. After a failed reading they are absent. */
  private watchTable(registers: Registry[]): void {
    const { reading } = this;
    new Gauge({
      name: 'ferrule_jobs',
      help: 'Jobs of all processes that have not ended, by state.',
      labelNames: ['state'],
      registers,
      async collect() {
        const jobs = await reading.latest();
        this.reset();
        if (jobs === undefined) return;
        this.set({ state: 'queued' }, jobs.queued);
        this.set({ state: 'running' }, jobs.running);
      },
    });
    new Gauge({
      name: 'ferrule_job_queue_oldest_seconds',
      help: 'For how long the oldest queued job of all processes has waited; 0 without one, NaN if the database did not answer.',
      registers,
      async collect() {
        this.set((await reading.latest())?.oldestSeconds ?? NaN);
      },
    });
    new Gauge({
      name: 'ferrule_database_up',
      help: 'Whether the database answered the query of this scrape.',
      registers,
      async collect() {
        this.set((await reading.latest()) === undefined ? 0 : 1);
      },
    });
  }
}
