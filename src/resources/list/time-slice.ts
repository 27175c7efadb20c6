import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 10;
/** In one turn of the event loop, Node accepts one connection. */
const TURNS = 10;

/** Of all long work in the process: only one part of it runs at a time. */
let latest: Promise<void> = Promise.resolve();

/** Interrupts long work, so that other requests are served. */
export class TimeSlice {
  private begun = performance.now();

  get isOver(): boolean {
    return performance.now() - this.begun > SLICE_MS;
  }

  async next(): Promise<void> {
    latest = latest.then(pause);
    await latest;
    this.begun = performance.now();
  }
}

async function pause(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await setImmediate();
}
