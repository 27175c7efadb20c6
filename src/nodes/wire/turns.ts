import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 20;

/** Interrupts long work, so that other requests get a turn. */
export class Turns {
  private begun = performance.now();

  get isOver(): boolean {
    return performance.now() - this.begun > SLICE_MS;
  }

  async next(): Promise<void> {
    await setImmediate();
    this.begun = performance.now();
  }
}
