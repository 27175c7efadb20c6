import 'reflect-metadata';
import { Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { type Class, type ConcreteClass } from '../class.js';
import { ServiceSettings } from '../settings/service-settings.js';
import { noteStandardDecorators } from './standard-decorators.js';
import { type AnySettingsClass } from '../settings/settings.js';

// In the global symbol registry, because a driver package may bring its own copy of the kit.
const DRIVER_MODULE = Symbol.for('ferrule.driver-module');

/** Major version of the kit. A host of another major version refuses the driver at start. */
export const KIT_VERSION = 1;

/** Options of `@DriverModule`. */
export interface DriverModuleOptions {
  /**
   * Nest modules whose exported providers may be injected.
   * @defaultValue none
   */
  readonly imports?: ModuleMetadata['imports'];
  /**
   * Nest providers that vendor interfaces and hardware types may inject.
   * @defaultValue none
   */
  readonly providers?: ModuleMetadata['providers'];
  /** Major version of the kit that the driver was written for. */
  readonly kit: typeof KIT_VERSION;
  /** The hardware types of the package. Enabled ones become providers, with their vendor interfaces. */
  readonly hardwareTypes: readonly [Type<object>, ...Type<object>[]];
  /**
   * The settings class of the package, which may then be injected.
   * @defaultValue no settings
   */
  readonly settings?: AnySettingsClass;
  /**
   * Whether no timer, promise or event of the package ends in an error that nobody handles. Before Node 24 the service
   * finds the call of such an error only by observing every promise of the process, which slows all calls. If every
   * enabled driver has this option, it does so only after the first such error.
   * @defaultValue `false`
   */
  readonly handlesAllErrors?: boolean;
}

/** What the host reads of `@DriverModule`. */
export interface DriverModuleDeclaration extends DriverModuleOptions {
  /** `ServiceSettings` of the package's copy of the kit. */
  readonly serviceSettings: typeof ServiceSettings;
}

/** Declares a driver package's Nest module, its default export. Interfaces and hardware types may inject its providers. */
export function DriverModule(options: DriverModuleOptions) {
  return (target: ConcreteClass, context?: unknown): void => {
    noteStandardDecorators(target, context);
    const declaration: DriverModuleDeclaration = { ...options, serviceSettings: ServiceSettings };
    Reflect.defineMetadata(DRIVER_MODULE, declaration, target);
    Module({ imports: options.imports ?? [], providers: options.providers ?? [] })(target);
  };
}

/** The options of `@DriverModule` on this class itself, not on a base class. */
export function driverModuleOf(target: Class): DriverModuleDeclaration | undefined {
  return Reflect.getOwnMetadata(DRIVER_MODULE, target) as DriverModuleDeclaration | undefined;
}
