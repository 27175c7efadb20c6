// Loaded into the service with `--import`. Writes a line for each time that its event loop did nothing else, in
// milliseconds, without the time in which its thread waited for a processor: a busy machine is no fault of the service.
import { appendFileSync, openSync, readFileSync, readSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const TICK_MS = 10;
const SHORTEST_MS = 50;
const file = process.env['STALL_FILE'];

if (isMainThread && file !== undefined) watch(file, waitedMs());

function watch(path, waited) {
  let before = { now: performance.now(), waited: waited() };
  setInterval(() => {
    const tick = { now: performance.now(), waited: waited() };
    const stalled = tick.now - before.now - TICK_MS - (tick.waited - before.waited);
    before = tick;
    if (stalled >= SHORTEST_MS) appendFileSync(path, `${Math.round(stalled)}\n`);
  }, TICK_MS).unref();
}

/** Of the main thread since its start. Linux tells it; elsewhere nothing is left out. */
function waitedMs() {
  const path = `/proc/self/task/${process.pid}/schedstat`;
  try {
    readFileSync(path);
  } catch {
    return () => 0;
  }
  const descriptor = openSync(path);
  const buffer = Buffer.alloc(100);
  return () => {
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    return Number(buffer.toString('latin1', 0, length).split(' ')[1]) / 1_000_000;
  };
}
