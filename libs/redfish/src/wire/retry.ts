import {
  RedfishConnectionError,
  RedfishError,
  RedfishNotReadyError,
  RedfishServiceError,
  RedfishTimeoutError,
} from '../errors.js';
import type { RedfishRetries } from '../options.js';
import { delay, type CallScope } from './scope.js';

/** Milliseconds of a `Retry-After`, given as seconds or as a date. */
export function retryAfterOf(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** What is to be repeated, and under which conditions. */
export interface RetryPlan {
  readonly method: string;
  readonly scope: CallScope;
  readonly retries: RedfishRetries;
  /** Milliseconds for connecting, over all tries until one connects. */
  readonly connect: number;
  readonly nothingHappened?: (() => Promise<boolean>) | undefined;
  /** A lost login costs one session, which the BMC expires; not logging in costs the call. */
  readonly mayRepeatLost?: boolean;
}

/** Failures that were repeated as often as may be. A call whose login gave up does not begin it again. */
const givenUp = new WeakSet<RedfishError>();

/** Half fixed, half random, doubling; never less than the BMC asks for. */
export function pause(attempt: number, retries: RedfishRetries, asked = 0): number {
  const full = Math.min(retries.baseDelay * 2 ** (attempt - 1), retries.maxDelay);
  return Math.max(asked, full / 2 + Math.random() * (full / 2));
}

/** Whether the failure leaves open if the BMC has acted. */
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
  // A BMC that took a minute to say nothing is asked once more, not five times.
  if (error instanceof RedfishTimeoutError && attempt > 1) return false;
  if (plan.method !== 'POST') return true;
  if (plan.mayRepeatLost === true) return error instanceof RedfishConnectionError && attempt === 1;
  return (await plan.nothingHappened?.()) ?? false;
}

/**
 * Runs an attempt until it succeeds or its failure is not one that repeating may mend: "not ready" for
 * every verb, lost requests for idempotent ones, or where a re-read proves that nothing happened.
 * Connecting has one budget for all tries, so that a BMC that is down is reported within it.
 */
export async function withRetries<T>(plan: RetryPlan, attempt: (connect: number) => Promise<T>): Promise<T> {
  let connectBy = performance.now() + plan.connect;
  for (let count = 1; ; count += 1) {
    try {
      return await attempt(Math.max(1, connectBy - performance.now()));
    } catch (error) {
      if (!(error instanceof RedfishError) || plan.scope.signal.aborted || givenUp.has(error)) throw error;
      if (count >= plan.retries.attempts) throw gaveUp(error);
      if (!(await isRepeatable(error, count, plan))) throw error;
      const wait = pause(count, plan.retries, error.retryAfter);
      const isConnecting = error instanceof RedfishConnectionError && error.isUnsent;
      if (wait >= plan.scope.remaining) throw gaveUp(error);
      if (!isConnecting) connectBy = performance.now() + wait + plan.connect;
      else if (performance.now() + wait >= connectBy) throw gaveUp(error);
      await delay(wait, plan.scope.signal);
    }
  }
}

function gaveUp(error: RedfishError): RedfishError {
  givenUp.add(error);
  return error;
}
