import { Injectable, type Type } from '@nestjs/common';
import { type z } from 'zod';
import { type Class, setHardwareType } from './declarations.js';
import { type InterfaceKind } from './interface-kinds.js';

/**
 * The interfaces that a hardware type supports, by kind, in order of preference: the default is the first
 * that is enabled. Of the kinds other than `vendor` the host knows names only so far; a kind that is not
 * named has its `no-…` or `noop` interface.
 */
export type SupportedInterfaces = { readonly vendor: readonly [Type<object>, ...Type<object>[]] } & {
  readonly [K in Exclude<InterfaceKind, 'vendor'>]?: readonly [string, ...string[]];
};

export interface HardwareTypeOptions {
  /** What a node's `driver` says, for example `acme-xr`. */
  readonly name: string;
  readonly description?: string;
  /**
   * The keys of driver_info that this type reads: they are listed as the driver's properties by their
   * `.describe()` texts, and checked at every call before the method runs. Other keys are let be.
   */
  readonly driverInfo?: z.ZodObject;
  readonly interfaces: SupportedInterfaces;
}

/** What a node's `driver` names. */
export function HardwareType(options: HardwareTypeOptions) {
  return (target: Class & (new (...args: never[]) => object)): void => {
    setHardwareType(target, options);
    Injectable()(target);
  };
}
