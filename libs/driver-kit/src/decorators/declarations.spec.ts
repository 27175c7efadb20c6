import { forwardRef, Module } from '@nestjs/common';
import { z } from 'zod';
import { Settings } from '../settings/settings.js';
import { declarationsOf } from './declarations.js';
import { DriverModule, driverModuleOf } from './driver-module.js';
import { HardwareType } from './hardware-type.js';
import { NoVendor } from './no-vendor.js';
import { SharedModule } from './shared-module.js';

class PoolSettings extends Settings(z.object({ size: z.string().optional() })) {}

@SharedModule({ package: 'driver-pool', settings: PoolSettings, providers: [] })
class PoolModule {}
@Module({ imports: [PoolModule] })
class OrdinaryModule {}
@Module({})
class ConfigurableModule {}
@SharedModule({ package: 'driver-over', imports: [PoolModule], providers: [] })
class OverModule {}

@HardwareType({ name: 'acme', interfaces: { vendor: [NoVendor] } })
class Acme {}

type Imports = NonNullable<Parameters<typeof DriverModule>[0]['imports']>;

function packagesOf(imports: Imports): string[] {
  @DriverModule({ kit: 1, imports, hardwareTypes: [Acme] })
  class AcmeDriver {}
  const declared = driverModuleOf(AcmeDriver);
  return declared ? declarationsOf('driver-acme', declared).map((each) => each.package) : [];
}

describe('declarationsOf', () => {
  it.each<[how: string, imports: Imports]>([
    ['directly', [PoolModule]],
    ['by an ordinary module', [OrdinaryModule]],
    ['by a dynamic module', [{ module: ConfigurableModule, imports: [OrdinaryModule] }]],
    ['by a later reference', [forwardRef(() => OrdinaryModule)]],
    ['several times', [PoolModule, OrdinaryModule, { module: PoolModule }]],
  ])('has a shared module once that is imported %s', (_, imports) => {
    expect(packagesOf(imports)).toEqual(['driver-acme', 'driver-pool']);
  });

  it('has the shared modules of shared modules', () => {
    expect(packagesOf([OverModule])).toEqual(['driver-acme', 'driver-over', 'driver-pool']);
  });
});
