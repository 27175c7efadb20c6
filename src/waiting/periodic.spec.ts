import { jest } from '@jest/globals';
import { Periodic } from './periodic.js';

describe('Periodic', () => {
  let rounds: number;
  let finish: (error?: Error) => void;
  let errors: unknown[];
  let periodic: Periodic;

  beforeEach(() => {
    jest.useFakeTimers();
    [rounds, errors] = [0, []];
    const work = () => {
      rounds++;
      return new Promise<void>((resolve, reject) => {
        finish = (error) => (error ? reject(error) : resolve());
      });
    };
    periodic = new Periodic(
      () => 10,
      work,
      (error) => errors.push(error),
    );
  });
  afterEach(() => jest.useRealTimers());

  it('runs at once, and again a pause after each round, also after one that failed', async () => {
    periodic.start();
    await jest.advanceTimersByTimeAsync(100);
    expect(rounds).toBe(1);
    finish(new Error('failed'));
    await jest.advanceTimersByTimeAsync(9);
    expect([rounds, errors]).toEqual([1, [new Error('failed')]]);
    await jest.advanceTimersByTimeAsync(1);
    expect(rounds).toBe(2);
  });

  it('joins a round that is running, and counts the pause from the last one', async () => {
    periodic.start();
    expect(periodic.run()).toBe(periodic.run());
    finish();
    await jest.advanceTimersByTimeAsync(5);
    void periodic.run();
    finish();
    await jest.advanceTimersByTimeAsync(9);
    expect(rounds).toBe(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(rounds).toBe(3);
  });

  it('waits for the running round when it is stopped, and begins no other', async () => {
    periodic.start();
    let hasStopped = false;
    const stopped = periodic.stop().then(() => (hasStopped = true));
    await jest.advanceTimersByTimeAsync(100);
    expect(hasStopped).toBe(false);
    finish();
    await stopped;
    expect([rounds, jest.getTimerCount()]).toEqual([1, 0]);
  });
});
