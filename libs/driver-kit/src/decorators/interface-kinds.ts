/** The kinds of interface of a hardware type. */
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
