import { reasonOf } from '../../logging/reason-of.js';
import { type Output } from '../output.js';
import { type ServiceCommand, ServiceProcess } from './service-process.js';

/** Milliseconds in which a service must listen; longer than the limit of a driver's hook, whose message has more. */
const START_LIMIT_MS = 60_000;
const AGAIN = 'It is started again after the next change.';

/**
 * Keeps one service running, and another that stands by. A request replaces the first by the second; a request during
 * a start ends that start and begins another, because the code has changed since.
 */
export class Restarts {
  private running: ServiceProcess | undefined;
  private next: ServiceProcess;
  private isFirst = true;
  private isClosed = false;
  private isWanted = false;
  private working: Promise<void> | undefined;
  private starting: AbortController | undefined;

  constructor(
    private readonly command: ServiceCommand,
    private readonly out: Output,
    private readonly startLimit = START_LIMIT_MS,
  ) {
    this.next = new ServiceProcess(command);
  }

  request(): void {
    this.isWanted = true;
    this.starting?.abort();
    this.working ??= this.work();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.starting?.abort();
    await this.working;
    await Promise.all([this.next.stop(), this.running?.stop()]);
  }

  private async work(): Promise<void> {
    while (this.isWanted && !this.isClosed) {
      this.isWanted = false;
      try {
        await this.restart();
      } catch (error) {
        this.out.complain(`The service cannot be started: ${reasonOf(error)}. ${AGAIN}`);
      }
    }
    this.working = undefined;
  }

  private async restart(): Promise<void> {
    const begin = performance.now();
    const next = this.next.failure === undefined ? this.next : new ServiceProcess(this.command);
    this.next = next;
    const previous = this.running;
    const stopped = previous?.stop();
    this.running = next;
    this.starting = new AbortController();
    const overdue = AbortSignal.timeout(this.startLimit);
    const signal = AbortSignal.any([this.starting.signal, overdue]);
    const isListening = await next.start(
      { hints: this.isFirst },
      Promise.resolve(previous?.portFree),
      signal,
    );
    const duration = Math.round(performance.now() - begin);
    this.starting = undefined;
    await stopped;
    if (this.isClosed) return;
    this.next = new ServiceProcess(this.command);
    if (isListening) {
      if (!this.isFirst) this.out.print(`Restarted in ${duration} ms.`);
      this.isFirst = false;
      next.onEnd(() => this.lost(next));
    } else if (!this.isWanted) {
      const limit = overdue.aborted ? ` within ${this.startLimit / 1_000} s, so it was ended` : '';
      const failure = next.failure === undefined ? '' : `: ${next.failure}`;
      this.out.complain(`The service did not start${limit}${failure}. ${AGAIN}`);
    }
  }

  private lost(service: ServiceProcess): void {
    if (this.running !== service || this.working !== undefined || this.isClosed) return;
    this.out.complain(`The service ended. ${AGAIN}`);
  }
}
