import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';

const OUTCOMES = ['answered', 'unsent', 'misdirected', 'lost', 'silent', 'cut', 'aborted'] as const;
type ForwardingOutcome = (typeof OUTCOMES)[number];

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Requests that this process passes on to conductors. */
@Injectable()
export class ForwardingMetrics {
  private readonly requests: Counter<'outcome'>;
  private readonly duration: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.requests = new Counter({
      name: 'ferrule_forwarded_requests_total',
      help: 'Requests that this process sent to a conductor that has the driver: `answered`; `unsent` or `misdirected`, and sent to the next conductor or answered with 503; `lost` (502) or `silent` (504), with an unknown outcome; `cut` in the middle of the answer; or `aborted` by the client.',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of OUTCOMES) this.requests.inc({ outcome }, 0);
    this.duration = new Histogram({
      name: 'ferrule_forwarded_request_duration_seconds',
      help: 'From the sending of a request to a conductor to the end of its answer.',
      buckets: SECONDS,
      registers,
    });
  }

  ended(outcome: ForwardingOutcome, milliseconds: number): void {
    this.requests.inc({ outcome });
    if (outcome === 'answered') this.duration.observe(milliseconds / 1_000);
  }
}
