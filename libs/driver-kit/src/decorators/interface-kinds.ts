/** The kinds of interface that a hardware type consists of, in alphabetical order. */
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

export type InterfaceKind = (typeof INTERFACE_KINDS)[number];
