import { Injectable } from '@nestjs/common';

/** Calls in one batch that are part of a burst. */
const MANY = 8;
/** Milliseconds after its last such batch at which a burst is over. */
const GAP_MS = 50;
/** Milliseconds that jobs give way to a burst; without this limit, nodes would stay locked under constant load. */
const LONGEST_MS = 10_000;

/** In a burst of asynchronous calls, answering them comes first: their jobs are begun at a limited pace. */
@Injectable()
export class CallBurst {
  private begunAt = 0;
  private endsAt = 0;
  private last = Promise.resolve();

  accepted(calls: number): void {
    if (calls < MANY) return;
    const now = performance.now();
    if (now >= this.endsAt) this.begunAt = now;
    this.endsAt = now + GAP_MS;
  }

  /** Resolves at once if there is no burst, else at most once in `pace` milliseconds, in the order of the calls. */
  async giveWay(pace: number): Promise<void> {
    const turn = this.last.then(() => this.whenOver(pace));
    this.last = turn;
    await turn;
  }

  private async whenOver(limit: number): Promise<void> {
    const end = performance.now() + limit;
    for (;;) {
      const rest = Math.min(this.endsAt, this.begunAt + LONGEST_MS, end) - performance.now();
      if (rest <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }
}
