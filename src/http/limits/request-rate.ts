import { Recent } from './recent.js';

/** A caller that was idle may send the requests of so many seconds at once. */
const BURST_MS = 10_000;
/** More callers than that are forgotten, the one that asked longest ago first; a forgotten one may send a burst again. */
const MAXIMUM_CALLERS = 10_000;

/** Limits how often each caller asks: on average `rate` times a second. */
export class RequestRate {
  /** By caller, when its next request would be due if it sent them evenly; milliseconds of the clock. */
  private readonly due = new Recent<number>(MAXIMUM_CALLERS);
  private readonly step: number;

  constructor(
    rate: number,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.step = 1_000 / rate;
  }

  /** @returns milliseconds to wait for before the next request, which do not count if it may be sent now: 0. */
  take(caller: string): number {
    const now = this.clock();
    const due = Math.max(now, this.due.get(caller) ?? 0);
    const wait = due + this.step - now - BURST_MS;
    if (wait > 0) return wait;
    this.due.set(caller, due + this.step);
    return 0;
  }
}
