import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work before other requests get a turn. */
const SLICE = 20;

/** Interrupts long work, so that it does not block other requests. */
export class Turns {
  private begun = performance.now();

  get isOver(): boolean {
    return performance.now() - this.begun > SLICE;
  }

  async next(): Promise<void> {
    await setImmediate();
    this.begun = performance.now();
  }
}
