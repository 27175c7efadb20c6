import { setTimeout as delay } from 'node:timers/promises';

interface Line {
  isBusy: boolean;
  /** Milliseconds of `performance.now()` from which the next command may begin. */
  ready: number;
  readonly waiting: (() => void)[];
}

const MOST_LINES = 1_000;

/** One command at a time at each BMC, in the order of asking, with a pause between them. */
export class Turns {
  readonly #lines = new Map<string, Line>();

  /** @param pause milliseconds from the end of a command to the next one */
  constructor(readonly pause: number) {}

  /** Runs work when it is its turn. @throws the reason of the signal if it is aborted before that */
  async take<T>(bmc: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const line = this.#lineOf(bmc);
    await entered(line, signal);
    try {
      await pauseUntil(line.ready, signal);
      try {
        return await work();
      } finally {
        line.ready = performance.now() + this.pause;
      }
    } finally {
      const next = line.waiting.shift();
      if (next === undefined) line.isBusy = false;
      else next();
    }
  }

  #lineOf(bmc: string): Line {
    const known = this.#lines.get(bmc);
    if (known !== undefined) return known;
    if (this.#lines.size >= MOST_LINES) this.#forgetIdle();
    const line: Line = { isBusy: false, ready: 0, waiting: [] };
    this.#lines.set(bmc, line);
    return line;
  }

  #forgetIdle(): void {
    const now = performance.now();
    for (const [bmc, { isBusy, ready }] of this.#lines) {
      if (!isBusy && ready <= now) this.#lines.delete(bmc);
    }
  }
}

/** Who leaves hands the line over, so that nobody comes in between. */
async function entered(line: Line, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!line.isBusy) {
    line.isBusy = true;
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const leave = (): void => {
      line.waiting.splice(line.waiting.indexOf(enter), 1);
      reject(signal.reason as Error);
    };
    const enter = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    line.waiting.push(enter);
    signal.addEventListener('abort', leave, { once: true });
  });
}

async function pauseUntil(time: number, signal: AbortSignal): Promise<void> {
  const rest = time - performance.now();
  if (rest <= 0) return;
  try {
    await delay(rest, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
