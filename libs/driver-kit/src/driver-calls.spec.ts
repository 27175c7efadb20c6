import { setTimeout as delay } from 'node:timers/promises';
import { type DriverCall, DriverCalls } from './driver-calls.js';

const call: DriverCall = {
  requestId: 'req-1',
  source: 'acme@1.0.0',
  redact: (text) => text,
  fail: () => true,
};

describe('DriverCalls', () => {
  it('tells the call of code that runs later', async () => {
    const calls = new DriverCalls(true);
    const seen = calls.run(call, async () => {
      await delay(1);
      return calls.current;
    });
    expect(calls.current).toBeUndefined();
    await expect(seen).resolves.toBe(call);
  });

  it('tells no call of work that the host does for a driver', () => {
    const calls = new DriverCalls(true);
    expect(calls.run(call, () => calls.outside(() => calls.current))).toBeUndefined();
  });

  it('tells only calls that begin after they are followed', () => {
    const calls = new DriverCalls(false);
    expect(calls.run(call, () => calls.current)).toBeUndefined();
    calls.follow();
    expect(calls.run(call, () => calls.current)).toBe(call);
  });
});
