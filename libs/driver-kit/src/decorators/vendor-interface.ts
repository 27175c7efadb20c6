import { type SharedTask } from '../task.js';
import { declareInterface } from './declare-interface.js';

/** Options of `@VendorInterface`. */
export interface VendorInterfaceOptions {
  /** The `vendor_interface` of nodes that use it, for example `acme`. */
  readonly name: string;
}

type MayValidate = object & { readonly validate?: (task: SharedTask) => void | Promise<void> };

/**
 * Declares passthru methods under one name. A Nest provider, one object for all nodes, so it must not keep a call's state.
 *
 * A method `validate(task: SharedTask)` may check whether the node can be used; its errors reach the caller. It runs
 * before each call of a node method, after the hardware type's `validate`, and for at most 10 s. `GET …/validate` shows
 * its result as `vendor` for hardware types that have only vendor interfaces.
 *
 * No passthru method of the class may be called `validate`; the option `name: 'validate'` gives one that name on the wire.
 */
export function VendorInterface(options: VendorInterfaceOptions) {
  return (target: new (...args: never[]) => MayValidate, context?: unknown): void =>
    declareInterface('vendor', options, target, context);
}
