/** Calls in one batch that make a crowd. */
const CROWD = 8;
/** Milliseconds after its last batch at which a crowd counts as gone. */
const GONE_MS = 50;

/** Knows whether so many asynchronous calls arrive that answering them should come before running their jobs. */
export class Crowd {
  private until = 0;
  private last = Promise.resolve();

  /** @param calls number of calls that were accepted together. */
  saw(calls: number): void {
    if (calls >= CROWD) this.until = performance.now() + GONE_MS;
  }

  /** Resolves when there is no crowd, else at most once in `pace` milliseconds, in the order of the calls. */
  async pass(pace: number): Promise<void> {
    const turn = this.last.then(() => this.whenGone(pace));
    this.last = turn;
    await turn;
  }

  private async whenGone(limit: number): Promise<void> {
    const end = performance.now() + limit;
    for (;;) {
      const rest = Math.min(this.until, end) - performance.now();
      if (rest <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }
}
