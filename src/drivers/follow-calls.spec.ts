import { type DriverCall, driverCalls } from '@ferrule/driver-kit/host';
import { followCalls } from './follow-calls.js';

describe('followCalls', () => {
  const call: DriverCall = {
    requestId: 'req-1',
    source: 'acme@1.0.0',
    redact: (text) => text,
    fail: () => true,
  };
  const seen = (): DriverCall | undefined => driverCalls.run(call, () => driverCalls.current);

  it('follows calls from the first one on if a driver does not come with Ferrule', () => {
    followCalls([{ package: '@ferrule/driver-fake' }, { package: '@ferrule/driver-redfish' }]);
    const isAlwaysFollowed = Number.parseInt(process.versions.node, 10) >= 24;
    expect(seen()).toBe(isAlwaysFollowed ? call : undefined);
    followCalls([{ package: '@ferrule/driver-fake' }, { package: 'driver-acme' }]);
    expect(seen()).toBe(call);
  });
});
