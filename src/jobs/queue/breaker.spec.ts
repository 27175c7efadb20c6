import { jest } from '@jest/globals';
import { Breaker } from './breaker.js';

describe('Breaker', () => {
  let isThere: boolean;
  let probes: number;
  let told: string[];
  let breaker: Breaker;

  beforeEach(() => {
    jest.useFakeTimers();
    [isThere, probes, told] = [true, 0, []];
    breaker = new Breaker({
      probe: async () => {
        probes++;
        if (!isThere) throw new Error('away');
      },
      onOpen: (error) => told.push(`open: ${String(error)}`),
      onClose: () => told.push('close'),
    });
  });
  afterEach(() => {
    breaker.stop();
    jest.useRealTimers();
  });

  it('opens at the first failure and says so once', () => {
    breaker.fail(new Error('one'));
    breaker.fail(new Error('two'));
    expect([breaker.isOpen, told]).toEqual([true, ['open: Error: one']]);
  });

  it('asks twice a second while it is open, and closes at the first sign of life', async () => {
    isThere = false;
    breaker.fail(new Error('one'));
    await jest.advanceTimersByTimeAsync(1_100);
    expect([breaker.isOpen, probes]).toEqual([true, 2]);
    isThere = true;
    await jest.advanceTimersByTimeAsync(500);
    expect([breaker.isOpen, told.at(-1)]).toEqual([false, 'close']);
  });

  it('finds out by itself when nothing is heard, and leaves a busy connection alone', async () => {
    for (let second = 0; second < 20; second++) {
      await jest.advanceTimersByTimeAsync(1_000);
      breaker.succeed();
    }
    expect(probes).toBe(0);
    isThere = false;
    await jest.advanceTimersByTimeAsync(5_000);
    expect([probes, breaker.isOpen]).toEqual([1, true]);
  });

  it('asks at once when something seems to be wrong, once at a time', async () => {
    isThere = false;
    breaker.suspect();
    breaker.suspect();
    await jest.advanceTimersByTimeAsync(0);
    expect([probes, breaker.isOpen]).toEqual([1, true]);
  });

  it('leaves no timer behind', () => {
    breaker.fail(new Error('one'));
    breaker.stop();
    breaker.succeed();
    expect(jest.getTimerCount()).toBe(0);
  });
});
