import 'reflect-metadata';
import { Injectable, type Type } from '@nestjs/common';
import { type z } from 'zod';
import { type Class } from './class.js';
import { type InterfaceKind } from './interface-kinds.js';

// In the global registry of symbols, since a driver package may bring its own copy of the kit.
const HARDWARE_TYPE = Symbol.for('ferrule.hardware-type');

/**
 * The interfaces that a hardware type supports, by kind, in order of preference: the default is the first
 * that is enabled. Of the kinds other than `vendor` the host knows names only so far; a kind that is not
 * named has its `no-…` or `noop` interface.
 */
export type SupportedInterfaces = { readonly vendor: readonly [Type<object>, ...Type<object>[]] } & {
  readonly [K in Exclude<InterfaceKind, 'vendor'>]?: readonly [string, ...string[]];
};

/** What `@HardwareType` takes. */
export interface HardwareTypeOptions {
  /** What a node's `driver` says, for example `acme-xr`. */
  readonly name: string;
  /** A sentence for people. */
  readonly description?: string;
  /**
   * The keys of driver_info that this type reads: they are listed as the driver's properties by their
   * `.describe()` texts, and checked at every call before the method runs. Other keys are ignored.
   */
  readonly driverInfo?: z.ZodObject;
  readonly interfaces: SupportedInterfaces;
}

/**
 * Declares a hardware type, which a node's `driver` names. The class may have a method
 * `validate(node: TaskNode)` for what the schema of `driverInfo` cannot say; what it throws reaches the caller.
 */
export function HardwareType(options: HardwareTypeOptions) {
  return (target: Class & (new (...args: never[]) => object)): void => {
    Reflect.defineMetadata(HARDWARE_TYPE, options, target);
    Injectable()(target);
  };
}

/** The options of `@HardwareType` on this very class, not on a base class. */
export function hardwareTypeOf(target: Class): HardwareTypeOptions | undefined {
  return Reflect.getOwnMetadata(HARDWARE_TYPE, target) as HardwareTypeOptions | undefined;
}
