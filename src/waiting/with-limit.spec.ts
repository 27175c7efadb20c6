import { jest } from '@jest/globals';
import { withLimit } from './with-limit.js';

describe('withLimit', () => {
  const never = new Promise<never>(() => {});

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('settles as the promise does, and leaves no timer', async () => {
    await expect(withLimit(Promise.resolve('done'), 10, 'too late')).resolves.toBe('done');
    await expect(withLimit(Promise.reject(new Error('failed')), 10, 'too late')).rejects.toThrow('failed');
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['the message', 'too late'],
    ['the error', new RangeError('too late')],
  ])('rejects with %s when the time is over', async (_, late) => {
    const limited = expect(withLimit(never, 10, late)).rejects.toThrow(late);
    await jest.advanceTimersByTimeAsync(10);
    await limited;
  });

  it('rejects with the reason of the signal, and leaves no timer', async () => {
    const stop = new AbortController();
    const limited = expect(withLimit(never, 10, 'too late', stop.signal)).rejects.toThrow('stopped');
    stop.abort(new Error('stopped'));
    await limited;
    await expect(withLimit(never, 10, 'too late', stop.signal)).rejects.toThrow('stopped');
    expect(jest.getTimerCount()).toBe(0);
  });
});
