import { jest } from '@jest/globals';
import { Crowd } from './crowd.js';

describe('Crowd', () => {
  let crowd: Crowd;
  let passed: number;
  const pass = () => void crowd.pass(100).then(() => passed++);

  beforeEach(() => {
    jest.useFakeTimers();
    crowd = new Crowd();
    passed = 0;
  });
  afterEach(() => jest.useRealTimers());

  it('lets all pass when there are few calls', async () => {
    crowd.saw(7);
    for (let count = 0; count < 5; count++) pass();
    await jest.advanceTimersByTimeAsync(0);
    expect(passed).toBe(5);
  });

  it('is gone some time after its last batch', async () => {
    crowd.saw(8);
    pass();
    await jest.advanceTimersByTimeAsync(40);
    crowd.saw(64);
    await jest.advanceTimersByTimeAsync(49);
    expect(passed).toBe(0);
    await jest.advanceTimersByTimeAsync(2);
    expect(passed).toBe(1);
  });

  it('lets one pass in each period while it is there, and all others when it is gone', async () => {
    for (let count = 0; count < 5; count++) pass();
    await jest.advanceTimersByTimeAsync(0);
    expect(passed).toBe(5);
    passed = 0;
    crowd.saw(8);
    for (let count = 0; count < 5; count++) pass();
    for (let time = 0; time < 240; time += 10) {
      await jest.advanceTimersByTimeAsync(10);
      crowd.saw(8);
    }
    expect(passed).toBe(2);
    await jest.advanceTimersByTimeAsync(60);
    expect(passed).toBe(5);
  });
});
