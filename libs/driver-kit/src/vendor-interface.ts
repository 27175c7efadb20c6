import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { type Class } from './class.js';

// In the global registry of symbols, since a driver package may bring its own copy of the kit.
const VENDOR_INTERFACE = Symbol.for('ferrule.vendor-interface');

/** What `@VendorInterface` takes. */
export interface VendorInterfaceOptions {
  /** What a node's `vendor_interface` says, for example `acme`. */
  readonly name: string;
}

/**
 * Declares a family of passthru methods under one name. The class is an ordinary Nest provider: its constructor
 * is given the services of its driver module. One object serves all nodes, so it keeps no state of a call.
 */
export function VendorInterface(options: VendorInterfaceOptions) {
  return (target: Class & (new (...args: never[]) => object)): void => {
    Reflect.defineMetadata(VENDOR_INTERFACE, options, target);
    Injectable()(target);
  };
}

/** The options of `@VendorInterface` on this very class, not on a base class. */
export function vendorInterfaceOf(target: Class): VendorInterfaceOptions | undefined {
  return Reflect.getOwnMetadata(VENDOR_INTERFACE, target) as VendorInterfaceOptions | undefined;
}
