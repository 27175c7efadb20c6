import { type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { NoFreeConductorWorker } from './errors.js';
import { shutdownTimes } from './shutdown-times.js';

/** `starting` until the service listens; `draining` from the first signal on. */
export type Phase = 'starting' | 'serving' | 'draining';

/** For example `2 running methods`; undefined for nothing. */
export type Waiting = () => string | undefined;

export class Lifecycle implements OnModuleDestroy, OnApplicationShutdown {
  private current: Phase = 'starting';
  private readonly work = new AbortController();
  private readonly closing = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly servingListeners: (() => void)[] = [];
  private readonly drainListeners: (() => void)[] = [];
  private readonly waits: Waiting[] = [];
  private drainedAt = 0;

  /** @param shutdownTimeout seconds for the whole shutdown. */
  constructor(private readonly shutdownTimeout: number) {}

  get phase(): Phase {
    return this.current;
  }

  get isDraining(): boolean {
    return this.current === 'draining';
  }

  /** Aborted when running methods must stop. */
  get workEnds(): AbortSignal {
    return this.work.signal;
  }

  /** @throws NoFreeConductorWorker from the start of the shutdown on. */
  refuseWhenDraining(): void {
    if (this.isDraining) {
      throw new NoFreeConductorWorker('The service is shutting down and accepts no new calls');
    }
  }

  /** Aborted when recording results and the like must give up; soon after, the process is killed. */
  get closingEnds(): AbortSignal {
    return this.closing.signal;
  }

  /** Milliseconds until `workEnds`, `closingEnds` and the forced end; Infinity before the shutdown. */
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

  /** Immediately if the service already listens. */
  onServing(listener: () => void): void {
    if (this.current === 'serving') listener();
    else this.servingListeners.push(listener);
  }

  /** Immediately if the shutdown has begun. */
  onDrain(listener: () => void): void {
    if (this.isDraining) listener();
    else this.drainListeners.push(listener);
  }

  awaits(waiting: Waiting): void {
    this.waits.push(waiting);
  }

  waitsFor(): string[] {
    return this.waits.flatMap((waiting) => waiting() ?? []);
  }

  serve(): void {
    if (this.current !== 'starting') return;
    this.current = 'serving';
    for (const listener of this.servingListeners.splice(0)) listener();
  }

  drain(): void {
    if (this.isDraining) return;
    this.current = 'draining';
    this.drainedAt = performance.now();
    const { work, closing } = shutdownTimes(this.shutdownTimeout);
    this.after(work, () => this.work.abort(new Error('The time for running work is over.')));
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
