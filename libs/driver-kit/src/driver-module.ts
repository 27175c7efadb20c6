import 'reflect-metadata';
import { Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { type Class } from './class.js';

// In the global registry of symbols, since a driver package may bring its own copy of the kit.
const DRIVER_MODULE = Symbol.for('ferrule.driver-module');

/** Major version of the kit: a host of another one refuses the driver at boot. */
export const KIT_VERSION = 1;

export interface DriverModuleOptions extends Pick<ModuleMetadata, 'imports' | 'providers'> {
  /** The major version of the kit that the driver was written for. */
  readonly kit: typeof KIT_VERSION;
  /** The hardware types in this package; those that are enabled become providers, with their interfaces. */
  readonly hardwareTypes: readonly [Type<object>, ...Type<object>[]];
}

/**
 * The Nest module of a driver package, its default export. `imports` and `providers` are Nest's: what
 * they bring can be injected into the vendor interfaces and hardware types.
 */
export function DriverModule(options: DriverModuleOptions) {
  return (target: Class & (new (...args: never[]) => object)): void => {
    Reflect.defineMetadata(DRIVER_MODULE, options, target);
    Module({ imports: options.imports ?? [], providers: options.providers ?? [] })(target);
  };
}

/** The options of `@DriverModule` on this very class, not on a base class. */
export function driverModuleOf(target: Class): DriverModuleOptions | undefined {
  return Reflect.getOwnMetadata(DRIVER_MODULE, target) as DriverModuleOptions | undefined;
}
