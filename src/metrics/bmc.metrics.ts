import { type BmcRequest } from '@ferrule/driver-kit';
import { bmcStates, onBmcRequest } from '@ferrule/driver-kit/host';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { BoundedNames } from './bounded-names.js';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const MOST_NAMES = 32;

/** What drivers tell of their BMCs through the driver kit. */
@Injectable()
export class BmcMetrics implements OnApplicationShutdown {
  private readonly names = new BoundedNames(MOST_NAMES);
  private readonly requests: Counter<'protocol' | 'vendor' | 'outcome'>;
  private readonly duration: Histogram<'protocol' | 'vendor'>;
  private readonly unsubscribe: () => void;

  constructor(registry: Registry) {
    const registers = [registry];
    this.requests = new Counter({
      name: 'ferrule_bmc_requests_total',
      help: 'Requests to BMCs by vendor and outcome: `ok`, `rejected` (an answer with an error), `timeout`, `unreachable`, `aborted`.',
      labelNames: ['protocol', 'vendor', 'outcome'],
      registers,
    });
    this.duration = new Histogram({
      name: 'ferrule_bmc_request_duration_seconds',
      help: 'From sending a request to a BMC to the end of its answer, or to giving up.',
      labelNames: ['protocol', 'vendor'],
      buckets: SECONDS,
      registers,
    });
    this.watchStates('ferrule_bmc_sessions', 'Open sessions of this process at BMCs.', 'sessions', registers);
    this.watchStates(
      'ferrule_bmc_held_back',
      'BMCs whose credential this process holds back, because they refused it repeatedly.',
      'heldBack',
      registers,
    );
    this.unsubscribe = onBmcRequest((request) => this.count(request));
  }

  onApplicationShutdown(): void {
    this.unsubscribe();
  }

  private count({ protocol, vendor, outcome, milliseconds }: BmcRequest): void {
    const labels = this.labelsOf({ protocol, vendor });
    this.requests.inc({ ...labels, outcome });
    this.duration.observe(labels, milliseconds / 1_000);
  }

  private labelsOf({ protocol, vendor }: Pick<BmcRequest, 'protocol' | 'vendor'>) {
    return { protocol: this.names.of(protocol), vendor: this.names.of(vendor) };
  }

  private watchStates(
    name: string,
    help: string,
    member: 'sessions' | 'heldBack',
    registers: Registry[],
  ): void {
    const labelsOf = this.labelsOf.bind(this);
    new Gauge({
      name,
      help,
      labelNames: ['protocol', 'vendor'],
      registers,
      collect() {
        this.reset();
        for (const state of bmcStates()) this.inc(labelsOf(state), state[member]);
      },
    });
  }
}
