import { type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { NoFreeConductorWorker } from './errors.js';
import { shutdownTimes } from './shutdown-times.js';

/**
 * What the process is doing. `starting` until it listens; `draining` from the first signal on, while what
 * runs may still end; `stopping` once that time is over.
 */
export type Phase = 'starting' | 'serving' | 'draining' | 'stopping';

/** Names what a shutdown still waits for, in a few words: `2 running methods`. Undefined: nothing. */
export type Waiting = () => string | undefined;

/** The state of the process, and the times of its shutdown. Everybody who asks gets this one object. */
export class Lifecycle implements OnModuleDestroy, OnApplicationShutdown {
  private current: Phase = 'starting';
  private readonly work = new AbortController();
  private readonly closing = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly servingListeners: (() => void)[] = [];
  private readonly drainListeners: (() => void)[] = [];
  private readonly waits: Waiting[] = [];
  private drainedAt = 0;

  /** @param shutdownTimeout seconds that a whole shutdown may take. */
  constructor(private readonly shutdownTimeout: number) {}

  get phase(): Phase {
    return this.current;
  }

  /** Nothing new is begun any more. */
  get isDraining(): boolean {
    return this.current === 'draining' || this.current === 'stopping';
  }

  /** Aborted when running methods have had their time: they are told to stop. */
  get workEnds(): AbortSignal {
    return this.work.signal;
  }

  /** @throws NoFreeConductorWorker once nothing new is begun any more. */
  refuseWhenDraining(): void {
    if (this.isDraining) {
      throw new NoFreeConductorWorker('The service is shutting down and takes no new calls');
    }
  }

  /**
   * Aborted when everything that still waits has to give up: recording a result, closing a connection.
   * A little later the process is ended by force.
   */
  get closingEnds(): AbortSignal {
    return this.closing.signal;
  }

  /** Milliseconds until `workEnds` and `closingEnds` are aborted and until the process ends; Infinity while nothing drains. */
  get left(): { readonly work: number; readonly closing: number; readonly end: number } {
    if (!this.isDraining) return { work: Infinity, closing: Infinity, end: Infinity };
    const { work, closing, end } = shutdownTimes(this.shutdownTimeout);
    const passed = performance.now() - this.drainedAt;
    return {
      work: Math.max(0, work - passed),
      closing: Math.max(0, closing - passed),
      end: Math.max(0, end - passed),
    };
  }

  /** Calls the listener once the service listens; at once if it does already. */
  onServing(listener: () => void): void {
    if (this.current === 'serving') listener();
    else this.servingListeners.push(listener);
  }

  /** Calls the listener when the process begins to drain; at once if it does already. */
  onDrain(listener: () => void): void {
    if (this.isDraining) listener();
    else this.drainListeners.push(listener);
  }

  /** Registers something that a shutdown waits for. */
  awaits(waiting: Waiting): void {
    this.waits.push(waiting);
  }

  /** What a shutdown waits for at this moment. */
  waitsFor(): string[] {
    return this.waits.flatMap((waiting) => waiting() ?? []);
  }

  /** The service listens. */
  serve(): void {
    if (this.current !== 'starting') return;
    this.current = 'serving';
    for (const listener of this.servingListeners.splice(0)) listener();
  }

  /** The process is to end: from now on the times of the shutdown run. Only the first call counts. */
  drain(): void {
    if (this.isDraining) return;
    this.current = 'draining';
    this.drainedAt = performance.now();
    const { work, closing } = shutdownTimes(this.shutdownTimeout);
    this.after(work, () => {
      this.current = 'stopping';
      this.work.abort(new Error('The time for running work is over.'));
    });
    this.after(closing, () => this.closing.abort(new Error('The time for the shutdown is over.')));
    for (const listener of this.drainListeners.splice(0)) listener();
  }

  onModuleDestroy(): void {
    this.drain();
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private after(milliseconds: number, action: () => void): void {
    this.timers.push(setTimeout(action, milliseconds).unref());
  }
}
