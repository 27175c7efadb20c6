/**
 * Work that is done again and again, never twice at the same time. It says what went wrong, and goes on.
 */
export class Periodic {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  /**
   * @param interval milliseconds between two begins.
   * @param onError hears why one round failed.
   */
  constructor(
    private readonly interval: number,
    private readonly work: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The first round begins at once. */
  start(): void {
    this.timer ??= setInterval(() => void this.run(), this.interval).unref();
    void this.run();
  }

  /** Resolves when no round is under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One round now; joins the one that is under way. */
  run(): Promise<void> {
    this.running ??= this.work()
      .catch(this.onError)
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }
}
