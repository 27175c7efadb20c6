import { DriverModule } from '@ferrule/driver-kit';
import { type DriverCall, DriverCalls, driverModuleOf } from '@ferrule/driver-kit/host';
import { followCalls } from './follow-calls.js';

describe('followCalls', () => {
  const call: DriverCall = {
    requestId: 'req-1',
    source: 'acme@1.0.0',
    redact: (text) => text,
    fail: () => true,
  };
  const calls = new DriverCalls(false);
  const seen = (): DriverCall | undefined => calls.run(call, () => calls.current);

  class Hardware {}
  class Plain {}
  DriverModule({ kit: 1, hardwareTypes: [Hardware] })(Plain);
  class Careful {}
  DriverModule({ kit: 1, hardwareTypes: [Hardware], handlesAllErrors: true })(Careful);
  const loaded = (...modules: (typeof Plain)[]) =>
    modules.flatMap((module) => {
      const declared = driverModuleOf(module);
      return declared === undefined ? [] : [{ declared }];
    });

  it('follows calls from the first one on, unless all drivers handle their errors', () => {
    followCalls(loaded(Careful, Careful), calls);
    expect(seen()).toBeUndefined();
    followCalls(loaded(Careful, Plain), calls);
    expect(seen()).toBe(call);
  });
});
