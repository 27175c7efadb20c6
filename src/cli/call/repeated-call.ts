import { setTimeout as delay } from 'node:timers/promises';
import { type ApiAnswer, type ApiClient, type ApiRequest } from '../client/api-client.js';
import { AnsweredError, ConnectionError } from '../client/client-error.js';
import { isLostBehind, isProxys } from '../client/exit-code.js';

/** Without contact: a service that is started again answers by then. */
const PATIENCE_MS = 60_000;
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [500, 5_000];

export interface CallTimes {
  readonly patienceMs?: number;
  readonly firstPauseMs?: number;
}

/**
 * Makes a call, and repeats it when its answer was lost: the service makes it once, by its `Idempotency-Key`.
 * @param note is told before each repeat.
 */
export async function callOnce(
  client: ApiClient,
  verb: string,
  path: string,
  request: ApiRequest & { readonly signal: AbortSignal },
  note: (why: string) => void,
  { patienceMs = PATIENCE_MS, firstPauseMs = FIRST_PAUSE_MS }: CallTimes = {},
): Promise<ApiAnswer> {
  const { signal } = request;
  let first: Error | undefined;
  let heardAt = 0;
  for (let pause = firstPauseMs; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      return await client.send(verb, path, request);
    } catch (error) {
      signal.throwIfAborted();
      if (first === undefined) {
        if (!isLost(error) || isUnsent(error)) throw error;
        first = error;
        heardAt = performance.now();
        note(`${error.message}\nThe call is repeated with its key; it is made once.`);
      } else if (isLost(error) || isAway(error)) {
        // The service says so while the first call still runs, which has a time limit of its own.
        if (isRunning(error)) heardAt = performance.now();
        // Not that a repeat was refused: nobody has said what became of the call.
        else if (performance.now() - heardAt > patienceMs) throw isAway(error) ? first : error;
      } else throw error;
    }
    await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function isLost(error: unknown): error is ConnectionError | AnsweredError {
  if (error instanceof ConnectionError) return true;
  return error instanceof AnsweredError && (isProxys(error) || isRunning(error) || isLostBehind(error));
}

/** Nothing was asked about the call. */
function isAway(error: unknown): boolean {
  return error instanceof AnsweredError && error.status === 503 && !isRunning(error);
}

function isUnsent(error: unknown): boolean {
  return error instanceof ConnectionError && error.isUnsent;
}

function isRunning(error: unknown): boolean {
  return error instanceof AnsweredError && error.code === 'IdempotentCallRuns';
}
