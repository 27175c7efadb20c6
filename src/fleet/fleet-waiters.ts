import { Injectable, Logger } from '@nestjs/common';
import { Notifications } from '../database/notifications/notifications.js';
import { TooManyWaiting } from '../jobs/job.waiters.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttled } from '../logging/throttled.js';
import { Periodic } from '../waiting/periodic.js';
import { type Stop } from '../waiting/stop.js';
import { FleetRunRepository } from './fleet-run.repository.js';
import { CHANNEL } from './fleet.runner.js';

const MOST_WAITERS = 500;
/** Without a message, which may be lost. */
const LOOK_MS = 1_000;
const COMPLAINT_INTERVAL = 5_000;

interface Waiter {
  readonly id: string;
  readonly end: () => void;
}

/** Requests that wait for the ends of fleet calls: one look for all of them. */
@Injectable()
export class FleetWaiters {
  private readonly logger = new Logger(FleetWaiters.name);
  private readonly waiting = new Set<Waiter>();
  private readonly looks: Periodic;
  private unsubscribe = (): void => {};

  constructor(
    private readonly repository: FleetRunRepository,
    private readonly notifications: Notifications,
    private readonly lifecycle: Lifecycle,
  ) {
    const warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
    this.looks = new Periodic(
      () => LOOK_MS,
      () => this.look(),
      (error) => warn(`The search for fleet calls that ended failed: ${reasonOf(error)}`),
    );
    lifecycle.onDrain(() => {
      for (const { end } of this.waiting) end();
    });
  }

  /**
   * Resolves when it has ended or is not there, when the time is over, and when the service stops.
   * @param gone the client, whose leaving ends the wait.
   * @throws TooManyWaiting (503), and the reason of `gone`.
   */
  async wait(id: string, milliseconds: number, gone: Stop): Promise<void> {
    if (this.lifecycle.isDraining) return;
    if (this.waiting.size >= MOST_WAITERS) throw new TooManyWaiting();
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        gone.removeListener(end);
        this.remove(waiter);
        resolve();
      };
      const waiter = { id, end };
      const timer = setTimeout(end, milliseconds);
      this.add(waiter);
      gone.onAbort(end);
    });
    gone.throwIfAborted();
  }

  private add(waiter: Waiter): void {
    this.waiting.add(waiter);
    if (this.waiting.size > 1) return;
    this.unsubscribe = this.notifications.subscribe(CHANNEL, () => void this.looks.run());
    this.looks.start();
  }

  private remove(waiter: Waiter): void {
    if (!this.waiting.delete(waiter) || this.waiting.size > 0) return;
    this.unsubscribe();
    void this.looks.stop();
  }

  private async look(): Promise<void> {
    const ids = [...new Set([...this.waiting].map(({ id }) => id))];
    if (ids.length === 0) return;
    const open = new Set(await this.repository.open(ids));
    for (const { id, end } of [...this.waiting]) if (!open.has(id)) end();
  }
}
