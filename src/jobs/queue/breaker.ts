const PROBE_INTERVAL = 500;

export interface BreakerOptions {
  /** Milliseconds without an answer after which the other side is probed. */
  readonly quiet: number;
  /** Must have its own time limit. */
  readonly probe: () => Promise<void>;
  readonly onOpen: (error: unknown) => void;
  readonly onClose: () => void;
}

/** Lets callers fail at once while a service does not answer. Opens at the first failure; an answer closes it. */
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
    const isNews = !this.open && !this.isStopped;
    this.open = true;
    this.schedule();
    if (isNews) this.options.onOpen(error);
  }

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
    this.timer = setTimeout(() => void this.ask(), this.open ? PROBE_INTERVAL : this.options.quiet);
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
