/** Whether a server is on, in Ironic's words. */
export const POWER_STATES = ['power on', 'power off'] as const;
/** One of `POWER_STATES`. */
export type PowerState = (typeof POWER_STATES)[number];

/** What a power change may be asked for, in Ironic's words. */
export const POWER_TARGETS = [
  'power on',
  'power off',
  'rebooting',
  'soft power off',
  'soft rebooting',
] as const;
/** One of `POWER_TARGETS`. The soft ones ask the operating system, which may ignore it. */
export type PowerTarget = (typeof POWER_TARGETS)[number];
