import { type InterfaceKind } from '@ferrule/driver-kit';

/** For a kind that a hardware type does not name: Ironic's `no-…` if there is one, else `noop`. */
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

const NOOP_IS_FINE: readonly InterfaceKind[] = ['network', 'storage'];

/** Its work is to do nothing, and it does it. */
export function doesNothing(kind: InterfaceKind, name: string): boolean {
  return name === 'fake' || (name === 'noop' && NOOP_IS_FINE.includes(kind));
}

export function isAbsent(kind: InterfaceKind, name: string): boolean {
  return name.startsWith('no-') || (name === 'noop' && !NOOP_IS_FINE.includes(kind));
}
