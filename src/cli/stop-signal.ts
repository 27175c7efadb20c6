import { StartError } from '../config/start-error.js';
import { nextSignal } from './signals.js';

let shared: AbortSignal | undefined;

/** Of this process; aborted at SIGTERM and Ctrl-C. */
export function stopSignal(): AbortSignal {
  shared ??= begin();
  return shared;
}

function begin(): AbortSignal {
  const stop = new AbortController();
  void nextSignal().then((name) => stop.abort(new StartError(`${name}: ended before it was done.`)));
  return stop.signal;
}
