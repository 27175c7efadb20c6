import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { Reading } from './reading.js';

/** Milliseconds; shorter than the ten seconds that Prometheus waits for a scrape. */
const LIMIT = 2_000;
const OUTCOMES = ['delivered', 'failed', 'given-up'] as const;
type WebhookOutcome = (typeof OUTCOMES)[number];

export interface Undelivered {
  readonly count: number;
  /** 0 without one. */
  readonly oldestSeconds: number;
}

@Injectable()
export class WebhookMetrics {
  private readonly attempts: Counter<'outcome'>;

  private read = async (): Promise<Undelivered> => ({ count: 0, oldestSeconds: 0 });

  constructor(registry: Registry) {
    const registers = [registry];
    this.attempts = new Counter({
      name: 'ferrule_webhook_attempts_total',
      help: 'Attempts of this process to deliver the end of a job: `delivered`, `failed` and tried again later, or `given-up` after the last failure.',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of OUTCOMES) this.attempts.inc({ outcome }, 0);
    const reading = new Reading(() => this.read(), LIMIT);
    new Gauge({
      name: 'ferrule_webhook_waiting',
      help: 'Ends of jobs of all processes that were not delivered yet; 0 without FERRULE_WEBHOOK_URL, NaN if the database did not answer.',
      registers,
      async collect() {
        this.set((await reading.latest())?.count ?? NaN);
      },
    });
    new Gauge({
      name: 'ferrule_webhook_oldest_seconds',
      help: 'How long ago the first of the jobs ended whose end was not delivered yet; 0 without one, NaN if the database did not answer.',
      registers,
      async collect() {
        this.set((await reading.latest())?.oldestSeconds ?? NaN);
      },
    });
  }

  attempted(outcome: WebhookOutcome): void {
    this.attempts.inc({ outcome });
  }

  /** @param read is called at each scrape. */
  watch(read: () => Promise<Undelivered>): void {
    this.read = read;
  }
}
