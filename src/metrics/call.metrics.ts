import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** `sync`: during a request. `async`: by a job. */
export type CallMode = 'sync' | 'async' | 'periodic';

/**
 * `refused`: an error below 500, such as a wrong value that only the method can see. `unknown`: what it did to the
 * hardware is unknown.
 */
export type CallOutcome = 'succeeded' | 'refused' | 'failed' | 'timeout' | 'aborted' | 'unknown';

/** Names of a driver and its method as they are declared, never as a client sent them. */
export interface CallLabels {
  readonly driver: string;
  readonly method: string;
  readonly mode: CallMode;
}

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 1_800, 3_600];

/** Calls of methods of drivers. */
@Injectable()
export class CallMetrics {
  private readonly ends: Counter<keyof CallLabels | 'outcome'>;
  private readonly duration: Histogram<keyof CallLabels>;
  private readonly running: Gauge<'mode'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.ends = new Counter({
      name: 'ferrule_passthru_calls_total',
      help: 'Calls of passthru methods that ended, by how they ended. Calls that were refused before they reached their method are not among them.',
      labelNames: ['driver', 'method', 'mode', 'outcome'],
      registers,
    });
    this.duration = new Histogram({
      name: 'ferrule_passthru_call_duration_seconds',
      help: 'How long a method ran, without the wait for its lock or in the queue.',
      labelNames: ['driver', 'method', 'mode'],
      buckets: SECONDS,
      registers,
    });
    this.running = new Gauge({
      name: 'ferrule_passthru_calls_running',
      help: 'Methods that run now in this process.',
      labelNames: ['mode'],
      registers,
    });
    for (const mode of ['sync', 'async', 'periodic']) this.running.set({ mode }, 0);
  }

  began({ mode }: CallLabels): void {
    this.running.inc({ mode });
  }

  ended(labels: CallLabels, outcome: CallOutcome, milliseconds: number): void {
    this.running.dec({ mode: labels.mode });
    this.ends.inc({ ...labels, outcome });
    this.duration.observe(labels, milliseconds / 1_000);
  }
}
