import { jest } from '@jest/globals';
import { CallBurst } from './call-burst.js';

describe('CallBurst', () => {
  let burst: CallBurst;
  let passed: number;
  const pass = () => void burst.giveWay(100).then(() => passed++);

  async function many(milliseconds: number): Promise<void> {
    for (let time = 0; time < milliseconds; time += 10) {
      await jest.advanceTimersByTimeAsync(10);
      burst.accepted(8);
    }
  }

  beforeEach(() => {
    jest.useFakeTimers();
    burst = new CallBurst();
    passed = 0;
  });
  afterEach(() => jest.useRealTimers());

  it('lets all pass when there are few calls', async () => {
    burst.accepted(7);
    for (let count = 0; count < 5; count++) pass();
    await jest.advanceTimersByTimeAsync(0);
    expect(passed).toBe(5);
  });

  it('is over some time after its last batch', async () => {
    burst.accepted(8);
    pass();
    await jest.advanceTimersByTimeAsync(40);
    burst.accepted(64);
    await jest.advanceTimersByTimeAsync(49);
    expect(passed).toBe(0);
    await jest.advanceTimersByTimeAsync(2);
    expect(passed).toBe(1);
  });

  it('lets one pass in each period, and all others when it is over', async () => {
    burst.accepted(8);
    for (let count = 0; count < 5; count++) pass();
    await many(240);
    expect(passed).toBe(2);
    await jest.advanceTimersByTimeAsync(60);
    expect(passed).toBe(5);
  });

  it('does not hold up jobs for longer than ten seconds', async () => {
    burst.accepted(8);
    await many(10_000);
    for (let count = 0; count < 5; count++) pass();
    await jest.advanceTimersByTimeAsync(0);
    expect(passed).toBe(5);
  });
});
