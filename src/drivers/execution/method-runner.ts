import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { type MethodCall } from './method-call.js';
import { requestLine } from '../../logging/request-line.js';
import { spans } from '../../tracing/spans.js';
import { MethodRun } from './method-run.js';
import { ServiceStopping } from './method-errors.js';
import { outcomeOf } from './call-outcome.js';
import { failureLine, isFailure } from './method-failure.js';
import { CallMetrics } from '../../metrics/call.metrics.js';
import { type Redact } from '../../secrets/redact.js';

/** Share of the time after the abort that a method may take to stop before it is abandoned. */
const ABORT_SHARE = 0.5;
/** Ended calls whose secrets are still masked in errors that their methods left behind. */
const REMEMBERED = 16;

/** Tracks running methods, so that a shutdown can wait for them. */
@Injectable()
export class MethodRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger(MethodRunner.name);
  private readonly running = new Map<MethodRun, MethodCall>();
  private readonly redacts: Redact[] = [];
  private onIdle: (() => void) | undefined;

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly metrics: CallMetrics,
  ) {
    lifecycle.awaits(() => this.description());
  }

  /** @throws NoFreeConductorWorker during a shutdown. */
  run(call: MethodCall): MethodRun {
    this.lifecycle.refuseWhenDraining();
    const began = performance.now();
    const labels = { driver: call.driver, method: call.method.name, mode: call.mode };
    const run = spans.begin(
      () => stepOf(call),
      () => new MethodRun(call),
      ({ ended }) => ended,
    );
    this.running.set(run, call);
    this.metrics.began(labels);
    run.ended.then(
      () => {
        this.forget(run, call);
        this.metrics.ended(labels, 'succeeded', performance.now() - began);
      },
      (error: unknown) => {
        this.forget(run, call);
        this.metrics.ended(labels, outcomeOf(run.doubt ?? error, run.isAborted), performance.now() - began);
        if (isFailure(error) && call.isQuiet !== true) this.logFailure(call, error);
      },
    );
    return run;
  }

  /** Masks the secrets of running calls and of those that ended last, in errors that belong to no call. */
  redact(text: string): string {
    const running = [...this.running.values()].map(({ redact }) => redact);
    return [...running, ...this.redacts].reduce((rest, redact) => redact(rest), text);
  }

  /** Waits for running methods, aborts them when their time is over, and abandons those that do not stop. */
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

  private logFailure(call: MethodCall, error: unknown): void {
    const { message, stack } = failureLine(call, error);
    this.logger.error(requestLine(message, call), stack);
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
    const names = [...new Set([...this.running.values()].map(({ method }) => method.name))].join(', ');
    if (this.running.size === 0) return undefined;
    return `${this.running.size} running ${this.running.size === 1 ? 'method' : 'methods'} (${names})`;
  }

  private forget(run: MethodRun, { redact }: MethodCall): void {
    this.running.delete(run);
    this.redacts.push(redact);
    if (this.redacts.length > REMEMBERED) this.redacts.shift();
    if (this.running.size === 0) this.onIdle?.();
  }
}

function stepOf({ driver, operation, vendorInterface, mode, node }: MethodCall) {
  return {
    name: `method ${operation.name}`,
    attributes: {
      'ferrule.driver': driver,
      'ferrule.interface': operation.interface,
      'ferrule.method': operation.name,
      'ferrule.package': vendorInterface.source,
      'ferrule.mode': mode,
      'ferrule.node': node?.uuid,
    },
  };
}
