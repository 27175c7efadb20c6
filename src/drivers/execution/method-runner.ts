import { FerruleError } from '@ferrule/driver-kit';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
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

/** Runs methods and knows which ones run, so that a shutdown can wait for them. */
@Injectable()
export class MethodRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger(MethodRunner.name);
  private readonly running = new Set<MethodRun>();
  private readonly patience: number;
  private draining = false;
  private onIdle: (() => void) | undefined;

  constructor(@Inject(CONFIG) config: Config) {
    this.patience = config.shutdownTimeout * 1000;
  }

  get isDraining(): boolean {
    return this.draining;
  }

  /** @throws ServiceDraining */
  run(call: MethodCall): MethodRun {
    if (this.draining) throw new ServiceDraining();
    const run = runMethod(call);
    this.running.add(run);
    const forget = () => this.forget(run);
    run.ended.then(forget, forget);
    return run;
  }

  /** Waits for what runs; at the deadline aborts it, and waits for that. */
  async beforeApplicationShutdown(): Promise<void> {
    this.draining = true;
    if (this.running.size === 0) return;
    const deadline = setTimeout(() => this.abortAll(), this.patience);
    await new Promise<void>((resolve) => {
      this.onIdle = resolve;
    });
    clearTimeout(deadline);
  }

  private abortAll(): void {
    this.logger.warn(
      `${this.running.size} methods still run at the end of the shutdown timeout: aborting them.`,
    );
    for (const run of this.running) run.abort(new ServiceStopping());
  }

  private forget(run: MethodRun): void {
    this.running.delete(run);
    if (this.running.size === 0) this.onIdle?.();
  }
}
