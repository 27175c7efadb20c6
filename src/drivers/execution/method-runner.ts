import { FerruleError } from '@ferrule/driver-kit';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { type MethodCall, type MethodRun, runMethod } from './run-method.js';

/** 503: the service is about to stop and begins nothing new. */
export class ServiceDraining extends FerruleError {
  readonly code = 'NoFreeConductorWorker';
  readonly status = 503;
  constructor() {
    super('The service is shutting down and takes no new calls; please retry.');
  }
}

/** A running method was told to stop because the service could wait no longer. */
export class ServiceStopping extends FerruleError {
  readonly code = 'ServiceStopping';
  readonly status = 503;
  constructor() {
    super('The service was stopped while the method ran; what it had already done stays done.');
  }
}

/** How much of the time that is left after the abort a method may go on before it is given up. */
const ABORT_SHARE = 0.5;

/** Runs methods and knows which ones run, so that a shutdown can wait for them. */
@Injectable()
export class MethodRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger(MethodRunner.name);
  private readonly running = new Map<MethodRun, string>();
  private onIdle: (() => void) | undefined;

  constructor(private readonly lifecycle: Lifecycle) {
    lifecycle.awaits(() => this.description());
  }

  /** @throws ServiceDraining */
  run(call: MethodCall): MethodRun {
    if (this.lifecycle.isDraining) throw new ServiceDraining();
    const run = runMethod(call);
    this.running.set(run, call.method.name);
    const forget = () => this.forget(run);
    run.ended.then(forget, forget);
    return run;
  }

  /** Waits for what runs; aborts it when its time is over, and gives up what does not stop then. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.running.size === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.onIdle = resolve;
    });
    const { workEnds } = this.lifecycle;
    const stop = () => this.abortAll();
    if (workEnds.aborted) stop();
    else workEnds.addEventListener('abort', stop, { once: true });
    await idle;
    workEnds.removeEventListener('abort', stop);
  }

  private abortAll(): void {
    this.logger.warn(
      `The time for the shutdown is nearly over: aborting ${this.description() ?? 'nothing'}.`,
    );
    for (const run of this.running.keys()) run.abort(new ServiceStopping());
    setTimeout(() => {
      for (const run of this.running.keys()) run.abandon();
    }, this.lifecycle.left.closing * ABORT_SHARE).unref();
  }

  private description(): string | undefined {
    const names = [...new Set(this.running.values())].join(', ');
    if (this.running.size === 0) return undefined;
    return `${this.running.size} running ${this.running.size === 1 ? 'method' : 'methods'} (${names})`;
  }

  private forget(run: MethodRun): void {
    this.running.delete(run);
    if (this.running.size === 0) this.onIdle?.();
  }
}
