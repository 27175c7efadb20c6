import { runInThisContext } from 'node:vm';
import { EXCEPTION, REJECTION, type StrayError, strayErrorOf } from './stray-error.js';

const WHAT: Readonly<Record<string, string>> = {
  unhandledRejection: REJECTION,
  uncaughtException: EXCEPTION,
};

type Emit = (event: string | symbol, ...args: unknown[]) => boolean;
type Emitter = { emit: Emit };

/**
 * Takes those errors that end a running call of a driver, so that neither the process nor the listeners of a test runner
 * see them. All others go their ordinary way.
 * @param taken gets each error that was taken.
 * @returns ends it.
 */
export function takeStrayErrors(
  taken: (error: StrayError) => void,
  emitter: Emitter = processOfNode(),
): () => void {
  // A listener could not keep an error from the other listeners, and jest replaces all listeners.
  const ordinary = emitter.emit;
  let isOver = false;
  const emit: Emit = (event, ...args) => {
    const what = isOver || typeof event === 'symbol' ? undefined : WHAT[event];
    const stray = what === undefined ? undefined : strayErrorOf(what, args[0], []);
    if (stray?.call?.fail(stray.error) !== true) return Reflect.apply(ordinary, emitter, [event, ...args]);
    taken(stray);
    return true;
  };
  emitter.emit = emit;
  return () => {
    isOver = true;
    // Whoever replaced it after this calls it still.
    if (emitter.emit === emit) emitter.emit = ordinary;
  };
}

/** The process itself: the tests of jest see a copy, which hears of no errors. */
function processOfNode(): Emitter {
  return runInThisContext('process') as Emitter;
}
