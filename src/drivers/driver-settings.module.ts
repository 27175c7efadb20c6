import { type ServiceSettings } from '@ferrule/driver-kit';
import { declarationsOf } from '@ferrule/driver-kit/host';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { type ComposedDriver } from './packages/composition.js';
import { type InjectableSettings } from './packages/declared-settings.js';

@Module({})
export class DriverSettingsModule {
  static register(
    drivers: readonly ComposedDriver[],
    settings: readonly InjectableSettings[],
    service: ServiceSettings,
  ): DynamicModule {
    // Each copy of the kit has its own class for the settings of the service.
    const declared = drivers.flatMap(({ loaded }) => declarationsOf(loaded.from.package, loaded.declared));
    const copies = new Set(declared.map(({ serviceSettings }) => serviceSettings));
    const providers: Provider[] = [
      ...[...copies].map((copy) => ({ provide: copy, useValue: new copy(service) })),
      ...settings.map(({ token, value }) => ({ provide: token, useValue: value })),
    ];
    return { module: DriverSettingsModule, global: true, providers, exports: providers };
  }
}
