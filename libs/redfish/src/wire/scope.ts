import { setImmediate as nextTurn } from 'node:timers/promises';
import { Deadline } from './deadline.js';

export class CallScope {
  readonly #controller = new AbortController();
  readonly #deadline: Deadline;
  readonly #parents: readonly AbortSignal[];
  readonly #release: (() => void)[] = [];
  readonly #end: number;

  /** `late` makes the abort reason at the deadline, `milliseconds` from now; `parents` abort it with their reason. */
  constructor(milliseconds: number, late: () => Error, parents: readonly (AbortSignal | undefined)[]) {
    this.#end = performance.now() + milliseconds;
    this.#deadline = new Deadline(milliseconds, () => this.#controller.abort(late()));
    this.#parents = parents.filter((parent) => parent !== undefined);
    for (const parent of this.#parents) {
      const abort = (): void => this.#controller.abort(parent.reason);
      parent.addEventListener('abort', abort, { once: true });
      this.#release.push(() => parent.removeEventListener('abort', abort));
    }
  }

  /** Asks the parents: one may learn that it is aborted only when it is asked. */
  get signal(): AbortSignal {
    const aborted = this.#parents.find((parent) => parent.aborted);
    if (aborted) this.#controller.abort(aborted.reason);
    return this.#controller.signal;
  }

  get remaining(): number {
    return Math.max(0, this.#end - performance.now());
  }

  /** Ends the time limit; the parents still abort. */
  disarm(): void {
    this.#deadline.clear();
  }

  close(): void {
    this.#deadline.clear();
    for (const release of this.#release) release();
  }
}

/** Settles with a promise or the signal, whichever is first. Aborting does not stop the promise's work. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(asError(signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * Two turns of the event loop: the first may be the rest of the current one. undici needs a whole turn to mark a socket as
 * free, or to read what has arrived.
 */
export async function twoTurns(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** Rejects with the signal's reason. */
export async function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  let deadline: Deadline | undefined;
  const waiting = new Promise<void>((resolve) => {
    deadline = new Deadline(milliseconds, resolve);
  });
  try {
    await (signal === undefined ? waiting : orAborted(waiting, signal));
  } finally {
    deadline?.clear();
  }
}

export function asError(reason: unknown): Error {
  return isError(reason) ? reason : new DOMException('The call was aborted.', { name: 'AbortError' });
}

/** Also true for errors of another realm, for which `instanceof` is false. */
function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value;
}
