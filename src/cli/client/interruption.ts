import { stopSignal } from '../stop-signal.js';
import { Interrupted } from './exit-code.js';

/** Does work that Ctrl-C ends. @param message what goes on nevertheless. @throws Interrupted */
export async function interruptibly<T>(
  message: () => string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = stopSignal();
  try {
    return await work(signal);
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw new Interrupted(message(), { cause: error });
    throw error;
  }
}
