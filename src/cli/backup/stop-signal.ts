import { StartError } from '../../config/start-error.js';
import { nextSignal } from '../signals.js';

/** Aborted at SIGTERM and Ctrl-C. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  void nextSignal().then((name) => stop.abort(new StartError(`${name}: ended before it was done.`)));
  return stop.signal;
}
