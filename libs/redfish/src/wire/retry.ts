import {
  RedfishConnectionError,
  RedfishError,
  RedfishNotReadyError,
  RedfishServiceError,
  RedfishTimeoutError,
} from '../errors.js';
import type { RedfishRetries } from '../options.js';
import { asError, delay, orAborted, type CallScope } from './scope.js';

export function retryAfterOf(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

export interface RetryPlan {
  readonly method: string;
  readonly scope: CallScope;
  readonly retries: RedfishRetries;
  readonly connect: number;
  readonly nothingHappened?: (() => Promise<boolean>) | undefined;
  /** Also repeats a POST once whose answer was lost. For logins: the session of a lost one expires. */
  readonly mayRepeatLost?: boolean;
}

/** Errors of exhausted retries: a call whose login failed with one does not retry it again. */
const givenUp = new WeakSet<RedfishError>();

/** Milliseconds before the next try: doubled each time, half of it random, at least what the BMC asks for. */
export function pause(attempt: number, retries: RedfishRetries, asked = 0): number {
  const full = Math.min(retries.baseDelay * 2 ** (attempt - 1), retries.maxDelay);
  return Math.max(asked, full / 2 + Math.random() * (full / 2));
}

function isUnclear(error: RedfishError): boolean {
  if (error instanceof RedfishConnectionError) return !error.isUnsent;
  if (error instanceof RedfishTimeoutError) return error.phase === 'first-byte';
  return error instanceof RedfishServiceError;
}

async function isRepeatable(error: RedfishError, attempt: number, plan: RetryPlan): Promise<boolean> {
  if (error instanceof RedfishNotReadyError) return true;
  if (error instanceof RedfishConnectionError && error.isUnsent) {
    return error.failure !== 'tls' && error.failure !== 'name';
  }
  if (!isUnclear(error)) return false;
  // A timeout takes a minute, so the request is repeated only once.
  if (error instanceof RedfishTimeoutError && attempt > 1) return false;
  if (plan.mayRepeatLost === true) return error instanceof RedfishConnectionError && attempt === 1;
  return plan.nothingHappened === undefined ? plan.method !== 'POST' : nothingHappened(plan);
}

/** A read that fails answers nothing; the error of the lost request says more than its own. */
async function nothingHappened({ nothingHappened: ask, scope }: RetryPlan): Promise<boolean> {
  try {
    return ask === undefined ? false : await orAborted(ask(), scope.signal);
  } catch {
    if (scope.signal.aborted) throw asError(scope.signal.reason);
    return false;
  }
}

/**
 * Repeats after "not ready" (every verb), and a lost request if `nothingHappened` returns true, or without that if it is
 * no POST.
 */
export async function withRetries<T>(plan: RetryPlan, attempt: (connect: number) => Promise<T>): Promise<T> {
  let connectBy = performance.now() + plan.connect;
  let answered: RedfishError | undefined;
  for (let count = 1; ; count += 1) {
    try {
      return await attempt(Math.max(1, connectBy - performance.now()));
    } catch (error) {
      if (answered !== undefined && plan.scope.signal.aborted) throw withEarlier(error, answered);
      if (!(error instanceof RedfishError) || plan.scope.signal.aborted || givenUp.has(error)) throw error;
      if (count >= plan.retries.attempts) throw gaveUp(error);
      if (!(await isRepeatable(error, count, plan))) throw error;
      if (error.status !== undefined) answered = error;
      const wait = pause(count, plan.retries, error.retryAfter);
      const isConnecting = error instanceof RedfishConnectionError && error.isUnsent;
      if (wait >= plan.scope.remaining) throw gaveUp(error);
      if (!isConnecting) connectBy = performance.now() + wait + plan.connect;
      else if (performance.now() + wait >= connectBy) throw gaveUp(error);
      await delay(wait, plan.scope.signal);
    }
  }
}

/** The end of the call's time, with what an earlier try was answered. */
function withEarlier(error: unknown, { message }: RedfishError): unknown {
  if (!(error instanceof RedfishTimeoutError) || error.phase !== 'total') return error;
  const { method, url, cause } = error;
  return new RedfishTimeoutError('total', `${error.message} An earlier try: ${message}`, {
    method,
    url,
    cause,
  });
}

export function gaveUp(error: RedfishError): RedfishError {
  givenUp.add(error);
  return error;
}
