import { failureOf } from '../bmc.spec-support.js';
import { RedfishServiceError, RedfishTimeoutError } from '../index.js';
import { pause, retryAfterOf, withRetries } from './retry.js';
import { CallScope, orAborted } from './scope.js';

describe('retryAfterOf', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    ['3', 3_000],
    [' 0 ', 0],
    ['1.5', 1_500],
    ['Thu, 01 Jan 2026 00:00:10 GMT', 10_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j', (value, milliseconds) => {
    expect(retryAfterOf(value, now)).toBe(milliseconds);
  });
});

describe('pause', () => {
  const retries = { attempts: 5, baseDelay: 100, maxDelay: 1_000 };

  it('doubles, within bounds, half of it random', () => {
    for (const [attempt, full] of [
      [1, 100],
      [2, 200],
      [4, 800],
      [9, 1_000],
    ] as const) {
      const waits = Array.from({ length: 200 }, () => pause(attempt, retries));
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(full / 2);
      expect(Math.max(...waits)).toBeLessThanOrEqual(full);
      expect(new Set(waits).size).toBeGreaterThan(1);
    }
  });

  it('is never less than what the BMC asks for', () => {
    expect(pause(1, retries, 5_000)).toBe(5_000);
  });
});

describe('withRetries', () => {
  it('says at the end of the time what an earlier try was answered', async () => {
    const late = (): Error => new RedfishTimeoutError('total', 'GET /x took longer than 50 ms.');
    const end = new AbortController();
    const scope = new CallScope(60_000, late, [end.signal]);
    const retries = { attempts: 5, baseDelay: 0, maxDelay: 0 };
    let tries = 0;
    const failure = await failureOf(
      withRetries({ method: 'GET', scope, retries, connect: 50 }, async () => {
        tries += 1;
        if (tries > 1) {
          end.abort(late());
          return orAborted(new Promise(() => undefined), scope.signal);
        }
        throw new RedfishServiceError('GET /x answered 500 (text/html).', { status: 500 });
      }),
    );
    scope.close();
    expect(failure).toMatchObject({ code: 'timeout', phase: 'total' });
    expect(String(failure)).toContain(
      'took longer than 50 ms. An earlier try: GET /x answered 500 (text/html).',
    );
  });
});
