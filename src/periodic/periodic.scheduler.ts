import { type FerruleError } from '@ferrule/driver-kit';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { type Life } from '../conductors/life.js';
import { CONFIG, type Config } from '../config/config.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { ServiceStopping } from '../drivers/execution/method-errors.js';
import { LeaseUnsure } from '../lifecycle/errors.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttled } from '../logging/throttled.js';
import { Periodic } from '../waiting/periodic.js';
import { Stop } from '../waiting/stop.js';
import { PeriodicLeaseLost } from './errors.js';
import { type PeriodicMethod, periodicMethodsOf } from './periodic-method.js';
import { PeriodicRepository } from './periodic.repository.js';
import { PeriodicRunner } from './periodic.runner.js';

/** Looks per interval of the method that runs most often. */
const LOOKS = 10;
/** Milliseconds between two looks. */
const LONGEST_PAUSE = 10_000;

/** Runs the periodic methods that are due and that no other process runs. */
@Injectable()
export class PeriodicScheduler implements OnApplicationShutdown {
  private readonly logger = new Logger(PeriodicScheduler.name);
  private readonly methods: readonly PeriodicMethod[];
  private readonly running = new Map<
    PeriodicMethod,
    { readonly stop: Stop; readonly ended: Promise<void> }
  >();
  private readonly looks: Periodic;
  private readonly warn = throttled((message) => this.logger.warn(message));
  private isRegistered = false;

  constructor(
    registry: DriverRegistry,
    private readonly repository: PeriodicRepository,
    private readonly runner: PeriodicRunner,
    private readonly conductor: Conductor,
    private readonly lifecycle: Lifecycle,
    @Inject(CONFIG) { conductorGroup }: Config,
  ) {
    this.methods = periodicMethodsOf(registry, conductorGroup);
    const shortest = Math.min(...this.methods.map(({ interval }) => interval));
    this.looks = new Periodic(
      () => Math.min(shortest / LOOKS, LONGEST_PAUSE),
      () => this.look(),
      (error) => {
        if (!(error instanceof LeaseUnsure))
          this.warn(`The search for periodic methods failed: ${reasonOf(error)}`);
      },
    );
    if (this.methods.length === 0) return;
    lifecycle.onServing(() => this.looks.start());
    // Calls have the time of all calls to end; from the drain on, the runner begins none.
    lifecycle.workEnds.addEventListener('abort', () => this.stopAll(() => new ServiceStopping()));
    conductor.onLost(() => this.stopAll(({ key }) => new PeriodicLeaseLost(key)));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.looks.stop();
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
  }

  private async look(): Promise<void> {
    if (this.lifecycle.isDraining) return;
    if (!this.isRegistered) await this.repository.register(this.methods);
    this.isRegistered = true;
    const { life } = this.conductor;
    const idle = this.methods.filter((method) => !this.running.has(method));
    const due = idle.length === 0 ? [] : await this.repository.claim(idle, life);
    for (const method of idle.filter(({ key }) => due.includes(key))) this.begin(method, life);
  }

  private begin(method: PeriodicMethod, life: Life): void {
    const stop = new Stop();
    if (life.isOver) stop.abort(new PeriodicLeaseLost(method.key));
    this.running.set(method, { stop, ended: this.run(method, life, stop) });
  }

  /** Never rejects. */
  private async run(method: PeriodicMethod, life: Life, stop: Stop): Promise<void> {
    try {
      if (!stop.reason) await this.runner.run(method, stop);
      await this.repository.release(method, life);
    } catch (error) {
      this.warn(
        `The periodic method ${method.key} of ${method.vendorInterface.source} was not run to its end: ${reasonOf(error)}`,
      );
    } finally {
      this.running.delete(method);
    }
  }

  private stopAll(reason: (method: PeriodicMethod) => FerruleError): void {
    for (const [method, { stop }] of this.running) stop.abort(reason(method));
  }
}
