import { jest } from '@jest/globals';
import { Crowd } from './crowd.js';

describe('Crowd', () => {
  let crowd: Crowd;
  let isGone: boolean;
  const wait = (limit: number) => void crowd.whenGone(limit).then(() => (isGone = true));

  beforeEach(() => {
    jest.useFakeTimers();
    crowd = new Crowd();
    isGone = false;
  });
  afterEach(() => jest.useRealTimers());

  it('is not there for few calls', async () => {
    crowd.saw(7);
    wait(500);
    await jest.advanceTimersByTimeAsync(0);
    expect(isGone).toBe(true);
  });

  it('is gone some time after its last batch', async () => {
    crowd.saw(8);
    wait(500);
    await jest.advanceTimersByTimeAsync(40);
    crowd.saw(64);
    await jest.advanceTimersByTimeAsync(49);
    expect(isGone).toBe(false);
    await jest.advanceTimersByTimeAsync(2);
    expect(isGone).toBe(true);
  });

  it('is waited for no longer than the limit', async () => {
    wait(0);
    await jest.advanceTimersByTimeAsync(0);
    expect(isGone).toBe(true);
    isGone = false;
    crowd.saw(8);
    wait(500);
    for (let passed = 0; passed < 490; passed += 10) {
      await jest.advanceTimersByTimeAsync(10);
      crowd.saw(8);
    }
    expect(isGone).toBe(false);
    await jest.advanceTimersByTimeAsync(20);
    expect(isGone).toBe(true);
  });
});
