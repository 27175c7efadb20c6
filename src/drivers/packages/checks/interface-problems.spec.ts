import {
  type BootOrder,
  DriverPassthru,
  ManagementInterface,
  PowerInterface,
  VendorInterface,
} from '@ferrule/driver-kit';
import { interfaceProblems } from './interface-problems.js';

/** Decorates a class as JavaScript may, where no compiler checks the options. */
function decorate(decorator: (options: never) => unknown, options: unknown, target: object): void {
  const made: unknown = Reflect.apply(decorator, undefined, [options]);
  if (typeof made === 'function') Reflect.apply(made, undefined, [target]);
}

describe('a power interface', () => {
  it('needs its decorator and methods, and targets that exist', () => {
    class Undecorated {}
    expect(interfaceProblems('acme', 'power', Undecorated)).toEqual([
      'Package acme, class Undecorated: it is a power interface of a hardware type, but has no @PowerInterface.',
    ]);
    class Empty {}
    decorate(PowerInterface, { name: 'acme', targets: ['on'], target: 1 }, Empty);
    expect(interfaceProblems('acme', 'power', Empty)).toEqual([
      "Package acme, class Empty: its @PowerInterface has a wrong option 'targets.0': it must be a list of 'power on', 'power off', 'rebooting', 'soft power off', 'soft rebooting'.",
      "Package acme, class Empty: its @PowerInterface has an unknown option 'target' (did you mean 'targets'?); it may have name, targets.",
      "Package acme, class Empty: it has no method 'getPowerState'.",
      "Package acme, class Empty: it has no method 'setPowerState'.",
    ]);
  });

  it('has no passthru methods, unless it is a vendor interface, too', () => {
    class Base {
      getPowerState(): null {
        return null;
      }
      setPowerState(): void {}
    }
    @PowerInterface({ name: 'mixed', targets: ['power on'] })
    class Mixed extends Base {
      @DriverPassthru({ http: ['GET'], description: 'Read it.' })
      read(): void {}
    }
    @PowerInterface({ name: 'both', targets: ['power on'] })
    @VendorInterface({ name: 'both' })
    class Both extends Mixed {}
    expect(interfaceProblems('acme', 'power', Mixed)).toEqual([
      'Package acme, class Mixed: it has methods with @Passthru, @DriverPassthru or @Periodic, which only vendor interfaces may have.',
    ]);
    expect(interfaceProblems('acme', 'power', Both)).toEqual([]);
  });
});

it('a management interface needs its methods, which it may inherit, and devices that exist', () => {
  @ManagementInterface({ name: 'acme', bootDevices: ['pxe'] })
  class Fine {
    getBootDevice(): BootOrder {
      return { device: 'pxe', persistent: true };
    }
    setBootDevice(): void {}
  }
  @ManagementInterface({ name: 'derived', bootDevices: ['pxe'] })
  class Derived extends Fine {}
  expect(interfaceProblems('acme', 'management', Fine)).toEqual([]);
  expect(interfaceProblems('acme', 'management', Derived)).toEqual([]);
  class Empty {}
  decorate(ManagementInterface, { name: 'acme', bootDevices: [] }, Empty);
  expect(interfaceProblems('acme', 'management', Empty)).toEqual([
    "Package acme, class Empty: its @ManagementInterface has a wrong option 'bootDevices': it must name at least one.",
    "Package acme, class Empty: it has no method 'getBootDevice'.",
    "Package acme, class Empty: it has no method 'setBootDevice'.",
  ]);
});
