import 'reflect-metadata';
import { Injectable, type Type } from '@nestjs/common';
import { type z } from 'zod';
import { type Class } from '../class.js';
import { type InterfaceKind } from './interface-kinds.js';

const HARDWARE_TYPE = Symbol.for('ferrule.hardware-type');

/**
 * The interfaces of a hardware type by kind, in order of preference; the first enabled one is the default. Kinds other
 * than `vendor` have names only. A kind that is not listed has its `no-…` or `noop` interface.
 */
export type SupportedInterfaces = { readonly vendor: readonly [Type<object>, ...Type<object>[]] } & {
  readonly [K in Exclude<InterfaceKind, 'vendor'>]?: readonly [string, ...string[]];
};

/** Options of `@HardwareType`. */
export interface HardwareTypeOptions {
  /** The `driver` of its nodes, for example `acme-xr`. */
  readonly name: string;
  /** One sentence. */
  readonly description?: string;
  /**
   * The keys of driver_info that this type reads. `.describe()` texts are listed as the driver's properties. Values are
   * checked at every call before the method runs; other keys are ignored.
   */
  readonly driverInfo?: z.ZodObject;
  readonly interfaces: SupportedInterfaces;
}

/**
 * Declares a hardware type. The class may have a method `validate(node: TaskNode)` for checks that the schema
 * `driverInfo` cannot express; the error it throws reaches the caller.
 */
export function HardwareType(options: HardwareTypeOptions) {
  return (target: Class & (new (...args: never[]) => object)): void => {
    Reflect.defineMetadata(HARDWARE_TYPE, options, target);
    Injectable()(target);
  };
}

/** The options of `@HardwareType` on this class itself, not on a base class. */
export function hardwareTypeOf(target: Class): HardwareTypeOptions | undefined {
  return Reflect.getOwnMetadata(HARDWARE_TYPE, target) as HardwareTypeOptions | undefined;
}
