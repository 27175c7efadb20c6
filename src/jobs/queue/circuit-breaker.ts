const PROBE_INTERVAL = 500;

export interface CircuitBreakerOptions {
  /** Milliseconds without an answer after which the other side is probed. */
  readonly quiet: number;
  /** Must have its own time limit. */
  readonly probe: () => Promise<void>;
  readonly onOpen: (error: unknown) => void;
  readonly onClose: () => void;
}

/** Lets callers fail at once while a service does not answer. Opens at the first failure; an answer closes it. */
export class CircuitBreaker {
  private open = false;
  private probing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isWatching = false;

  constructor(private readonly options: CircuitBreakerOptions) {}

  get isOpen(): boolean {
    return this.open;
  }

  /** From now on until `stop`, the other side is probed and changes are reported. */
  start(): void {
    this.isWatching = true;
    this.schedule();
  }

  succeed(): void {
    const isNews = this.open;
    this.open = false;
    this.schedule();
    if (isNews) this.options.onClose();
  }

  fail(error: unknown): void {
    const isNews = !this.open && this.isWatching;
    this.open = true;
    this.schedule();
    if (isNews) this.options.onOpen(error);
  }

  suspect(): void {
    if (this.isWatching && !this.open) void this.ask();
  }

  stop(): void {
    this.isWatching = false;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (!this.isWatching) return;
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
    if (this.isWatching) then();
  }
}
