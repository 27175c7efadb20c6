import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { type Class, type ConcreteClass } from '../class.js';
import { noteStandardDecorators } from './standard-decorators.js';

const VENDOR_INTERFACE = Symbol.for('ferrule.vendor-interface');

/** Options of `@VendorInterface`. */
export interface VendorInterfaceOptions {
  /** The `vendor_interface` of nodes that use it, for example `acme`. */
  readonly name: string;
}

/** Declares passthru methods under one name. A Nest provider, one object for all nodes, so it must not keep a call's state. */
export function VendorInterface(options: VendorInterfaceOptions) {
  return (target: ConcreteClass, context?: unknown): void => {
    noteStandardDecorators(target, context);
    Reflect.defineMetadata(VENDOR_INTERFACE, options, target);
    Injectable()(target);
  };
}

/** The options of `@VendorInterface` on this class itself, not on a base class. */
export function vendorInterfaceOf(target: Class): VendorInterfaceOptions | undefined {
  return Reflect.getOwnMetadata(VENDOR_INTERFACE, target) as VendorInterfaceOptions | undefined;
}
