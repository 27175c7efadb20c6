import { type Output } from '../output.js';
import { ServiceProcess } from './service-process.js';

/** Keeps one service running, and another that stands by. A request replaces the first by the second. */
export class Restarts {
  private running: ServiceProcess | undefined;
  private next: ServiceProcess;
  private isFirst = true;
  private isClosed = false;
  private isWanted = false;
  private working: Promise<void> | undefined;

  constructor(
    private readonly program: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly out: Output,
  ) {
    this.next = new ServiceProcess(program, env);
  }

  /** Requests during a restart are one request after it. */
  request(): void {
    this.isWanted = true;
    this.working ??= this.work();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([this.next.stop(), this.running?.stop()]);
    await this.working;
    await Promise.all([this.next.stop(), this.running?.stop()]);
  }

  private async work(): Promise<void> {
    while (this.isWanted && !this.isClosed) {
      this.isWanted = false;
      await this.restart();
    }
    this.working = undefined;
  }

  private async restart(): Promise<void> {
    const begin = performance.now();
    const { next } = this;
    const stopped = this.running?.stop() ?? Promise.resolve();
    this.running = next;
    const isListening = await next.start({ hints: this.isFirst }, stopped);
    await stopped;
    if (this.isClosed) return;
    if (isListening) {
      if (!this.isFirst) this.out.print(`Restarted in ${Math.round(performance.now() - begin)} ms.`);
      this.isFirst = false;
      next.onEnd(() => this.lost(next));
    } else {
      this.out.complain('The service did not start. It is started again after the next change.');
    }
    this.next = new ServiceProcess(this.program, this.env);
  }

  private lost(service: ServiceProcess): void {
    if (this.running !== service || this.working !== undefined || this.isClosed) return;
    this.out.complain('The service ended. It is started again after the next change.');
  }
}
