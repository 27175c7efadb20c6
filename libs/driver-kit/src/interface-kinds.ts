/** The families of methods that a hardware type is put together from, in the order of their names. */
export const INTERFACE_KINDS = [
  'bios',
  'boot',
  'console',
  'deploy',
  'firmware',
  'inspect',
  'management',
  'network',
  'power',
  'raid',
  'rescue',
  'storage',
  'vendor',
] as const;

/** One of `INTERFACE_KINDS`. */
export type InterfaceKind = (typeof INTERFACE_KINDS)[number];
