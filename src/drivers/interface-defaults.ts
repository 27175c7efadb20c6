import { type InterfaceKind } from '@ferrule/driver-kit';

/**
 * The interface that a hardware type has of a kind that it does not name: Ironic's `no-…` where there is
 * one, else its `noop`.
 */
export const UNNAMED_INTERFACE: Readonly<Record<InterfaceKind, string>> = {
  bios: 'no-bios',
  boot: 'noop',
  console: 'no-console',
  deploy: 'noop',
  firmware: 'no-firmware',
  inspect: 'no-inspect',
  management: 'noop',
  network: 'noop',
  power: 'noop',
  raid: 'no-raid',
  rescue: 'no-rescue',
  storage: 'noop',
  vendor: 'no-vendor',
};

/** Kinds whose `noop` is a proper choice and not the lack of an implementation. */
const NOOP_IS_FINE: readonly InterfaceKind[] = ['network', 'storage'];

/** True when an interface of that name does nothing because nothing is there. */
export function isAbsent(kind: InterfaceKind, name: string): boolean {
  return name.startsWith('no-') || (name === 'noop' && !NOOP_IS_FINE.includes(kind));
}
