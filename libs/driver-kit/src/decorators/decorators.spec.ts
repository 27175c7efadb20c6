import { z } from 'zod';
import {
  driverModuleOf,
  hardwareTypeOf,
  hasStandardDecorators,
  methodsOf,
  periodicsOf,
  interfaceOf,
} from '../host.js';
import {
  type BootOrder,
  DriverModule,
  DriverPassthru,
  type DriverTask,
  type ExclusiveTask,
  HardwareType,
  ManagementInterface,
  NoVendor,
  Passthru,
  Periodic,
  PowerInterface,
  VendorInterface,
} from '../index.js';

@VendorInterface({ name: 'base' })
class BaseVendor {
  @Passthru({ http: ['POST'], description: 'Do it.', args: z.object({ id: z.string() }) })
  first(_task: ExclusiveTask): void {}

  @Passthru({ http: ['GET'], description: 'Do it.' })
  second(_task: ExclusiveTask): void {}

  @DriverPassthru({ http: ['GET'], description: 'Do it.' })
  third(_task: DriverTask): void {}

  @Periodic({ every: '1d', scope: 'node' })
  tidyUp(_task: ExclusiveTask): void {}
}

@VendorInterface({ name: 'derived' })
class DerivedVendor extends BaseVendor {
  @Periodic({ every: '1h', scope: 'node' })
  override tidyUp(_task: ExclusiveTask): void {}

  @Periodic({ every: '5m', scope: 'driver' })
  refresh(_task: DriverTask): void {}

  @Passthru({ http: ['PUT'], description: 'Do it.' })
  override second(_task: ExclusiveTask): void {}

  @Passthru({ http: ['DELETE'], description: 'Do it.' })
  fourth(_task: ExclusiveTask): void {}
}

class Undecorated extends BaseVendor {}

@HardwareType({ name: 'acme', interfaces: { vendor: [DerivedVendor, NoVendor] } })
class Acme {}

@DriverModule({ kit: 1, hardwareTypes: [Acme] })
class AcmeDriver {}

const summary = (target: typeof BaseVendor) =>
  methodsOf(target).map(({ scope, key, options }) => `${scope} ${key} ${options.http.join()}`);

describe('declarations', () => {
  it('keeps the methods of a vendor interface in their order', () => {
    expect(summary(BaseVendor)).toEqual(['node first POST', 'node second GET', 'driver third GET']);
  });

  it('inherits methods, and lets a subclass replace one in its place', () => {
    expect(summary(DerivedVendor)).toEqual([
      'node first POST',
      'node second PUT',
      'driver third GET',
      'node fourth DELETE',
    ]);
  });

  it('leaves the base class as it was', () => {
    expect(summary(BaseVendor)).toHaveLength(3);
  });

  it('does not inherit the name of a vendor interface', () => {
    expect(interfaceOf('vendor', DerivedVendor)?.name).toBe('derived');
    expect(interfaceOf('vendor', Undecorated)).toBeUndefined();
  });

  it('keeps the interfaces of each kind of a class apart', () => {
    @PowerInterface({ name: 'switch', targets: ['power on', 'power off'] })
    @ManagementInterface({ name: 'boot', bootDevices: ['pxe'] })
    class Both {
      getPowerState(): null {
        return null;
      }
      setPowerState(): void {}
      getBootDevice(): BootOrder {
        return { device: 'pxe', persistent: null };
      }
      setBootDevice(): void {}
    }
    expect(interfaceOf('power', Both)).toEqual({ name: 'switch', targets: ['power on', 'power off'] });
    expect(interfaceOf('management', Both)).toEqual({ name: 'boot', bootDevices: ['pxe'] });
    expect(interfaceOf('vendor', Both)).toBeUndefined();
  });

  it('reads hardware types and driver modules', () => {
    expect(hardwareTypeOf(Acme)?.interfaces.vendor).toEqual([DerivedVendor, NoVendor]);
    expect(driverModuleOf(AcmeDriver)?.hardwareTypes).toEqual([Acme]);
    expect(driverModuleOf(Acme)).toBeUndefined();
  });

  it('inherits periodic methods, and lets a subclass replace one', () => {
    const periodics = (target: typeof BaseVendor) =>
      periodicsOf(target).map(({ key, options }) => `${key} ${options.every} ${options.scope}`);
    expect(periodics(BaseVendor)).toEqual(['tidyUp 1d node']);
    expect(periodics(DerivedVendor)).toEqual(['tidyUp 1h node', 'refresh 5m driver']);
    expect(periodicsOf(NoVendor)).toEqual([]);
  });

  it('has no methods in no-vendor', () => {
    expect(methodsOf(NoVendor)).toEqual([]);
  });

  it('marks a class with standard decorators, and declares none of its methods', () => {
    class Standard {
      first(): void {}
    }
    const ofMethod: unknown = Passthru({ http: ['GET'], description: 'Do it.' });
    const ofClass: unknown = VendorInterface({ name: 'standard' });
    if (typeof ofMethod !== 'function' || typeof ofClass !== 'function')
      throw new TypeError('No decorators.');
    Reflect.apply(ofMethod, undefined, [Standard.prototype.first, { kind: 'method', name: 'first' }]);
    Reflect.apply(ofClass, undefined, [Standard, { kind: 'class', name: 'Standard' }]);
    expect(hasStandardDecorators(Standard)).toBe(true);
    expect(hasStandardDecorators(BaseVendor)).toBe(false);
    expect(methodsOf(Standard)).toEqual([]);
  });
});
