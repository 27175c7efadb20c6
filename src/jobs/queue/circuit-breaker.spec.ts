import { jest } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.js';

describe('CircuitBreaker', () => {
  let isThere: boolean;
  let probes: number;
  let told: string[];
  let breaker: CircuitBreaker;

  beforeEach(() => {
    jest.useFakeTimers();
    [isThere, probes, told] = [true, 0, []];
    breaker = new CircuitBreaker({
      quiet: 5_000,
      probe: async () => {
        probes++;
        if (!isThere) throw new Error('away');
      },
      onOpen: (error) => told.push(`open: ${String(error)}`),
      onClose: () => told.push('close'),
    });
    breaker.start();
  });
  afterEach(() => {
    breaker.stop();
    jest.useRealTimers();
  });

  it('opens at the first failure and reports it once', () => {
    breaker.fail(new Error('one'));
    breaker.fail(new Error('two'));
    expect([breaker.isOpen, told]).toEqual([true, ['open: Error: one']]);
  });

  it('probes twice a second while it is open, and closes at the first answer', async () => {
    isThere = false;
    breaker.fail(new Error('one'));
    await jest.advanceTimersByTimeAsync(1_100);
    expect([breaker.isOpen, probes]).toEqual([true, 2]);
    isThere = true;
    await jest.advanceTimersByTimeAsync(500);
    expect([breaker.isOpen, told.at(-1)]).toEqual([false, 'close']);
  });

  it('probes a silent connection, and does not probe a busy one', async () => {
    for (let second = 0; second < 20; second++) {
      await jest.advanceTimersByTimeAsync(1_000);
      breaker.succeed();
    }
    expect(probes).toBe(0);
    isThere = false;
    await jest.advanceTimersByTimeAsync(5_000);
    expect([probes, breaker.isOpen]).toEqual([1, true]);
  });

  it('probes at once on suspicion, one probe at a time', async () => {
    isThere = false;
    breaker.suspect();
    breaker.suspect();
    await jest.advanceTimersByTimeAsync(0);
    expect([probes, breaker.isOpen]).toEqual([1, true]);
  });

  it('probes nothing and has no timer before it is started', async () => {
    const other = new CircuitBreaker({
      quiet: 10,
      probe: async () => {},
      onOpen: () => {},
      onClose: () => {},
    });
    breaker.stop();
    expect([other.isOpen, jest.getTimerCount()]).toEqual([false, 0]);
  });

  it('leaves no timer behind when it is stopped', () => {
    breaker.fail(new Error('one'));
    breaker.stop();
    breaker.succeed();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('reports nothing after it was stopped, and still opens', () => {
    breaker.stop();
    breaker.fail(new Error('closed'));
    expect([breaker.isOpen, told]).toEqual([true, []]);
  });
});
