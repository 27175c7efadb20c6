import 'reflect-metadata';
import { Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { type Class } from '../class.js';
import { ServiceSettings } from '../settings/service-settings.js';
import { type AnySettingsClass } from '../settings/settings.js';

// In the global symbol registry, because a driver package may bring its own copy of the kit.
const DRIVER_MODULE = Symbol.for('ferrule.driver-module');

/** Major version of the kit. A host of another major version refuses the driver at start. */
export const KIT_VERSION = 1;

/** Options of `@DriverModule`. */
export interface DriverModuleOptions extends Pick<ModuleMetadata, 'imports' | 'providers'> {
  /** The major version of the kit that the driver was written for. */
  readonly kit: typeof KIT_VERSION;
  /** The hardware types of this package. Enabled ones become providers, with their interfaces. */
  readonly hardwareTypes: readonly [Type<object>, ...Type<object>[]];
  /** The package's settings: a class made with `Settings`, by which they are injected. */
  readonly settings?: AnySettingsClass;
}

/** What the host reads of `@DriverModule`. */
export interface DriverModuleDeclaration extends DriverModuleOptions {
  /** `ServiceSettings` of the package's copy of the kit. */
  readonly serviceSettings: typeof ServiceSettings;
}

/**
 * Declares the Nest module of a driver package, its default export. What `imports` and `providers` provide can be
 * injected into the vendor interfaces and hardware types.
 */
export function DriverModule(options: DriverModuleOptions) {
  return (target: Class & (new (...args: never[]) => object)): void => {
    const declaration: DriverModuleDeclaration = { ...options, serviceSettings: ServiceSettings };
    Reflect.defineMetadata(DRIVER_MODULE, declaration, target);
    Module({ imports: options.imports ?? [], providers: options.providers ?? [] })(target);
  };
}

/** The options of `@DriverModule` on this class itself, not on a base class. */
export function driverModuleOf(target: Class): DriverModuleDeclaration | undefined {
  return Reflect.getOwnMetadata(DRIVER_MODULE, target) as DriverModuleDeclaration | undefined;
}
