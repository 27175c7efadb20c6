import 'reflect-metadata';
import { type DriverModuleOptions } from './driver-module.js';
import { type HardwareTypeOptions } from './hardware-type.js';
import { type PassthruOptions } from './passthru.js';
import { type VendorInterfaceOptions } from './vendor-interface.js';

/** A class as a decorator sees it. */
export type Class = abstract new (...args: never[]) => object;

/** A decorated passthru method. */
export interface MethodDeclaration {
  readonly scope: 'node' | 'driver';
  /** Name of the method in the class. */
  readonly key: string;
  readonly options: PassthruOptions;
}

// Symbols of the registry: a driver package may bring its own copy of the kit.
const METHODS = Symbol.for('ferrule.methods');
const VENDOR_INTERFACE = Symbol.for('ferrule.vendor-interface');
const HARDWARE_TYPE = Symbol.for('ferrule.hardware-type');
const DRIVER_MODULE = Symbol.for('ferrule.driver-module');

export function addMethod(prototype: object, declaration: MethodDeclaration): void {
  const own: MethodDeclaration[] = [...ownMethods(prototype), declaration];
  Reflect.defineMetadata(METHODS, own, prototype);
}

/**
 * The methods of a vendor interface, those of its base classes first; a method declared again in a
 * subclass replaces the inherited one in its place.
 */
export function methodsOf(vendorInterface: Class): readonly MethodDeclaration[] {
  const chain: object[] = [];
  for (let at: unknown = vendorInterface.prototype; isObject(at); at = Object.getPrototypeOf(at)) {
    chain.unshift(at);
  }
  const inherited = new Map<string, MethodDeclaration>();
  const all: MethodDeclaration[] = [];
  for (const prototype of chain) {
    for (const method of ownMethods(prototype)) {
      const replaced = inherited.get(method.key);
      if (replaced && !ownMethods(prototype).includes(replaced)) all[all.indexOf(replaced)] = method;
      else all.push(method);
      inherited.set(method.key, method);
    }
  }
  return all;
}

export function setVendorInterface(target: Class, options: VendorInterfaceOptions): void {
  Reflect.defineMetadata(VENDOR_INTERFACE, options, target);
}

/** What `@VendorInterface` says of this very class; a subclass names itself. */
export function vendorInterfaceOf(target: Class): VendorInterfaceOptions | undefined {
  return Reflect.getOwnMetadata(VENDOR_INTERFACE, target) as VendorInterfaceOptions | undefined;
}

export function setHardwareType(target: Class, options: HardwareTypeOptions): void {
  Reflect.defineMetadata(HARDWARE_TYPE, options, target);
}

/** What `@HardwareType` says of this very class. */
export function hardwareTypeOf(target: Class): HardwareTypeOptions | undefined {
  return Reflect.getOwnMetadata(HARDWARE_TYPE, target) as HardwareTypeOptions | undefined;
}

export function setDriverModule(target: Class, options: DriverModuleOptions): void {
  Reflect.defineMetadata(DRIVER_MODULE, options, target);
}

/** What `@DriverModule` says of this very class. */
export function driverModuleOf(target: Class): DriverModuleOptions | undefined {
  return Reflect.getOwnMetadata(DRIVER_MODULE, target) as DriverModuleOptions | undefined;
}

function ownMethods(prototype: object): readonly MethodDeclaration[] {
  const own: unknown = Reflect.getOwnMetadata(METHODS, prototype);
  return Array.isArray(own) ? (own as MethodDeclaration[]) : [];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
