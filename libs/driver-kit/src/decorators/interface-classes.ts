import 'reflect-metadata';
import { type Class } from '../class.js';
import { CLASS_KINDS, type ClassKind, interfaceKey } from './declare-interface.js';
import { type InterfaceKind } from './interface-kinds.js';
import { type ManagementInterfaceOptions } from './management-interface.js';
import { type PowerInterfaceOptions } from './power-interface.js';
import { type VendorInterfaceOptions } from './vendor-interface.js';

interface OptionsByKind {
  readonly management: ManagementInterfaceOptions;
  readonly power: PowerInterfaceOptions;
  readonly vendor: VendorInterfaceOptions;
}

/** Whether interfaces of the kind may be classes. */
export function isClassKind(kind: InterfaceKind): kind is ClassKind {
  return CLASS_KINDS.some((each) => each === kind);
}

/** The options of the interface decorator of a kind on this class itself, not on a base class. */
export function interfaceOf<K extends ClassKind>(kind: K, target: Class): OptionsByKind[K] | undefined {
  return Reflect.getOwnMetadata(interfaceKey(kind), target) as OptionsByKind[K] | undefined;
}
