import { setFlagsFromString } from 'node:v8';

/** Lets V8's heap for young objects grow as work demands it; what starts the process keeps it small until then. */
export function letYoungHeapGrow(): void {
  // V8's own factor.
  setFlagsFromString('--semi-space-growth-factor=2');
}
