import { HardwareType, NoVendor, Passthru, VendorInterface } from '@ferrule/driver-kit';
import { hardwareTypeProblems } from './declaration-problems.js';
import { interfaceProblems } from './interface-problems.js';

describe('names with control characters', () => {
  it('are refused for hardware types', () => {
    @HardwareType({ name: 'a\u001b[31m', interfaces: { vendor: [NoVendor] } })
    class Odd {}
    expect(hardwareTypeProblems(Odd).problems).toEqual([
      "its @HardwareType has a wrong option 'name': it must have no control characters",
    ]);
  });

  it('are refused for interfaces and methods', () => {
    @VendorInterface({ name: 'a\nb' })
    class Odd {
      @Passthru({ http: ['GET'], name: 'c\u0007', async: false, description: 'Read it.' })
      read() {}
    }
    expect(interfaceProblems('odd', 'vendor', Odd)).toEqual([
      "Package odd, class Odd: its @VendorInterface has a wrong option 'name': it must have no control characters.",
      "Package odd, class Odd, method read: it has the name 'c\u0007', which is not a path segment.",
    ]);
  });
});
