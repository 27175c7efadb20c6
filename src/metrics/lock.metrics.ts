import { Injectable } from '@nestjs/common';
import { Gauge, Histogram, Registry } from 'prom-client';

const WAIT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const HOLD_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 1_800, 3_600];

/** Exclusive locks of nodes. */
@Injectable()
export class LockMetrics {
  private readonly waits: Histogram<'outcome'>;
  private readonly holds: Histogram<'holder'>;

  constructor(private readonly registry: Registry) {
    const registers = [registry];
    this.waits = new Histogram({
      name: 'ferrule_lock_wait_seconds',
      help: 'From the first attempt to lock a node to its end: `taken`, or `refused` because another call held it (409), its client left or the database failed.',
      labelNames: ['outcome'],
      buckets: WAIT_SECONDS,
      registers,
    });
    this.holds = new Histogram({
      name: 'ferrule_lock_hold_seconds',
      help: 'How long a lock was held: by a call, or by a job from its acceptance to its end.',
      labelNames: ['holder'],
      buckets: HOLD_SECONDS,
      registers,
    });
  }

  /** @param size how many calls of this process wait in line for the lock of a node. */
  watchWaiting(size: () => number): void {
    new Gauge({
      name: 'ferrule_lock_waiters',
      help: 'Calls with `wait` that stand in line in this process for the lock of a node.',
      registers: [this.registry],
      collect() {
        this.set(size());
      },
    });
  }

  waited(outcome: 'taken' | 'refused', milliseconds: number): void {
    this.waits.observe({ outcome }, milliseconds / 1_000);
  }

  held(holder: 'call' | 'job', milliseconds: number): void {
    this.holds.observe({ holder }, milliseconds / 1_000);
  }
}
