/** Milliseconds between two probes while it is open. */
const PROBE_INTERVAL = 500;
/** Milliseconds of silence after which it is looked whether the other side is still there. */
const QUIET = 5_000;

export interface BreakerOptions {
  /** Asks the other side for a sign of life; has a time limit of its own. */
  readonly probe: () => Promise<void>;
  readonly onOpen: (error: unknown) => void;
  readonly onClose: () => void;
}

/**
 * Knows whether something outside answers, so that nobody has to wait to find out. It opens at the first
 * failure and closes at the first sign of life; while nothing is heard, it asks.
 */
export class Breaker {
  private open = false;
  private probing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly options: BreakerOptions) {
    this.schedule();
  }

  get isOpen(): boolean {
    return this.open;
  }

  succeed(): void {
    this.schedule();
    if (!this.open) return;
    this.open = false;
    this.schedule();
    this.options.onClose();
  }

  fail(error: unknown): void {
    const isNews = !this.open;
    this.open = true;
    this.schedule();
    if (isNews) this.options.onOpen(error);
  }

  /** Something seems to be wrong: asks at once. */
  suspect(): void {
    if (!this.open) void this.ask();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.isStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), this.open ? PROBE_INTERVAL : QUIET);
    this.timer.unref();
  }

  private ask(): Promise<void> {
    this.probing ??= this.options.probe().then(
      () => this.answered(() => this.succeed()),
      (error: unknown) => this.answered(() => this.fail(error)),
    );
    return this.probing;
  }

  private answered(then: () => void): void {
    this.probing = undefined;
    if (!this.isStopped) then();
  }
}
