import { Injectable } from '@nestjs/common';
import { type Class, setVendorInterface } from './declarations.js';

export interface VendorInterfaceOptions {
  /** What a node's `vendor_interface` says, for example `acme`. */
  readonly name: string;
}

/**
 * A family of passthru methods under one name. The class is an ordinary Nest provider: its constructor
 * is given the services of its driver module. One object serves all nodes, so it keeps no state of a call.
 */
export function VendorInterface(options: VendorInterfaceOptions) {
  return (target: Class & (new (...args: never[]) => object)): void => {
    setVendorInterface(target, options);
    Injectable()(target);
  };
}
