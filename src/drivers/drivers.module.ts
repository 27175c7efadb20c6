import { type ServiceSettings } from '@ferrule/driver-kit';
import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { type ComposedDriver } from './packages/composition.js';
import { type InjectableSettings } from './packages/declared-settings.js';
import { Driver } from './driver.js';
import { DriverSettingsModule } from './driver-settings.module.js';
import { DriverRegistry } from './driver.registry.js';
import { DriversController } from './drivers.controller.js';
import { MethodRunner } from './execution/method-runner.js';
import { ValidationWait } from './validation/validation-wait.js';
import { interfaceFor } from './operations/interface-for.js';

export interface EnabledDrivers {
  readonly drivers: readonly ComposedDriver[];
  readonly settings: readonly InjectableSettings[];
}

/** A Nest module per package, whose providers its hardware types and interfaces can inject, and the registry. */
@Module({})
export class DriversModule {
  static register({ drivers, settings }: EnabledDrivers, service: ServiceSettings): DynamicModule {
    const tokens = drivers.map(driverToken);
    const registry: Provider = {
      provide: DriverRegistry,
      useFactory: (...made: Driver[]) => new DriverRegistry(made),
      inject: tokens,
    };
    return {
      module: DriversModule,
      global: true,
      imports: [...packageModules(drivers), DriverSettingsModule.register(drivers, settings, service)],
      controllers: [DriversController],
      providers: [
        ...drivers.map((driver) => driverProvider(driver, drivers)),
        registry,
        MethodRunner,
        ValidationWait,
      ],
      exports: [DriverRegistry, MethodRunner],
    };
  }
}

function driverToken(driver: ComposedDriver): string {
  return `driver:${driver.loaded.options.name}`;
}

function driverProvider(driver: ComposedDriver, all: readonly ComposedDriver[]): Provider {
  const { hardwareType, from } = driver.loaded;
  const source = `${from.package}@${from.version}`;
  return {
    provide: driverToken(driver),
    useFactory: (type: object, ...targets: object[]) => {
      const interfaces = driver.classes.flatMap((each, index) => {
        const target = targets[index];
        return target ? interfaceFor(each, source, target) : [];
      });
      return new Driver(driver, type, interfaces, all);
    },
    inject: [hardwareType, ...driver.classes.map(({ type }) => type)],
  };
}

function packageModules(drivers: readonly ComposedDriver[]): DynamicModule[] {
  const classes = new Map<Type<object>, Set<Type<object>>>();
  for (const { loaded, classes: interfaces } of drivers) {
    const own = classes.get(loaded.module) ?? new Set();
    for (const each of [loaded.hardwareType, ...interfaces.map(({ type }) => type)]) own.add(each);
    classes.set(loaded.module, own);
  }
  return [...classes].map(([module, own]) => ({ module, providers: [...own], exports: [...own] }));
}
