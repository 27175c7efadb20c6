import { collectDefaultMetrics, Registry } from 'prom-client';

let registry: Registry | undefined;

/** Of Node and the process: CPU, memory, garbage collection, lag of the event loop. Measured from the first call on. */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
