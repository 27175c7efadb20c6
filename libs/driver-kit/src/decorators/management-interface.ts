import { type ExclusiveTask, type SharedTask } from '../task.js';
import { declareInterface } from './declare-interface.js';

/** What a server may boot from, in Ironic's words. */
export const BOOT_DEVICES = [
  'pxe',
  'disk',
  'cdrom',
  'bios',
  'safe',
  'wanboot',
  'iscsiboot',
  'floppy',
  'uefihttp',
] as const;
/** One of `BOOT_DEVICES`. */
export type BootDevice = (typeof BOOT_DEVICES)[number];

/** What a server boots from next. */
export interface BootOrder {
  /** Null if the BMC does not say, or names none of `BOOT_DEVICES`. */
  readonly device: BootDevice | null;
  /** Whether for all boots and not only for the next one; null if unknown. */
  readonly persistent: boolean | null;
}

/** Options of `@ManagementInterface`. */
export interface ManagementInterfaceOptions<D extends BootDevice = BootDevice> {
  /** The `management_interface` of nodes that use it, for example `acme`. */
  readonly name: string;
  /** What `setBootDevice` may be asked for. Callers of others get 400. */
  readonly bootDevices: readonly [D, ...D[]];
}

/** The methods of a class with `@ManagementInterface`. */
export interface Management<D extends BootDevice = BootDevice> {
  /** What the server boots from next. */
  readonly getBootDevice: (task: SharedTask) => BootOrder | Promise<BootOrder>;
  /** Sets it for the next boot, or for all. */
  readonly setBootDevice: (
    task: ExclusiveTask,
    device: D,
    options: { readonly persistent: boolean },
  ) => void | Promise<void>;
  /** Sends a non-maskable interrupt; without this method callers get 400. */
  readonly injectNmi?: (task: ExclusiveTask) => void | Promise<void>;
  /** Checks whether the node can be used, before each call; for at most 10 s. Its errors reach the caller. */
  readonly validate?: (task: SharedTask) => void | Promise<void>;
}

/**
 * Declares a class for what servers boot from. A Nest provider, one object for all nodes, so it must not keep a call's
 * state.
 */
export function ManagementInterface<const D extends BootDevice>(options: ManagementInterfaceOptions<D>) {
  return (target: new (...args: never[]) => Management<D>, context?: unknown): void =>
    declareInterface('management', options, target, context);
}
