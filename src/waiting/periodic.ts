/** Rounds never overlap; failures are reported and do not end it. */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isStarted = false;

  /** @param pause milliseconds from the end of a round to the next. */
  constructor(
    private readonly pause: () => number,
    private readonly work: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** With a round at once. */
  start(): void {
    this.isStarted = true;
    void this.run();
  }

  /** Resolves when a round that is running has ended. */
  async stop(): Promise<void> {
    this.isStarted = false;
    clearTimeout(this.timer);
    await this.running;
  }

  /** A round now, or the one that is running. Never rejects. */
  run(): Promise<void> {
    this.running ??= this.work()
      .catch(this.onError)
      .finally(() => {
        this.running = undefined;
        this.schedule();
      });
    return this.running;
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.isStarted) this.timer = setTimeout(() => void this.run(), this.pause()).unref();
  }
}
