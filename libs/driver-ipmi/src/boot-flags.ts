import { type BootDevice, type BootOrder, type TaskNode } from '@ferrule/driver-kit';

/** The devices of Ironic's `ipmitool` management interface. */
export const IPMI_BOOT_DEVICES = ['pxe', 'disk', 'cdrom', 'bios', 'safe'] as const;
export type IpmiBootDevice = (typeof IPMI_BOOT_DEVICES)[number];

/** Values of the boot device selector of IPMI, which is at the bits 2 to 5. */
const SELECTORS: Readonly<Record<IpmiBootDevice, number>> = { pxe: 1, disk: 2, safe: 3, cdrom: 5, bios: 6 };
/** Others that a BMC may tell: remote floppy, CD and disk, and removable media. */
const DEVICES: Readonly<Record<number, BootDevice>> = {
  ...Object.fromEntries(IPMI_BOOT_DEVICES.map((device) => [SELECTORS[device], device])),
  0x7: 'floppy',
  0x8: 'cdrom',
  0xb: 'disk',
  0xf: 'floppy',
};

const [VALID, PERSISTENT, UEFI] = [0x80, 0x40, 0x20];

/** Set System Boot Options, boot flags. */
export function setBootFlags(device: IpmiBootDevice, isPersistent: boolean, isUefi: boolean): number[] {
  const flags = VALID | (isPersistent ? PERSISTENT : 0) | (isUefi ? UEFI : 0);
  return [0x00, 0x08, 0x05, flags, SELECTORS[device] << 2, 0x00, 0x00, 0x00];
}

/** Get System Boot Options, boot flags. */
export const GET_BOOT_FLAGS = [0x00, 0x09, 0x05, 0x00, 0x00];

/** Set System Boot Options: the BMC keeps the flags, which it would forget 60 s after they are set. */
export const KEEP_BOOT_FLAGS = [0x00, 0x08, 0x03, 0x08];

/** The answer to `GET_BOOT_FLAGS`, which begins with its version and the number of the parameter. */
export function bootOrderOf([, , flags = 0, selector = 0]: readonly number[]): BootOrder {
  const device = DEVICES[(selector >> 2) & 0xf] ?? null;
  return { device, persistent: device === null ? null : (flags & PERSISTENT) !== 0 };
}

/** Whether the server boots by UEFI: as the capability `boot_mode` says, and by default, as in Ironic. */
export function isUefi({ properties, instanceInfo }: TaskNode): boolean {
  const mode = capabilityOf(instanceInfo['capabilities']) ?? capabilityOf(properties['capabilities']);
  return mode !== 'bios';
}

/** Of `boot_mode:uefi,…`, or of an object, which instance_info may have as a text of JSON. */
function capabilityOf(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null) {
    const mode: unknown = Reflect.get(value, 'boot_mode');
    return typeof mode === 'string' ? mode : undefined;
  }
  if (typeof value !== 'string') return undefined;
  return /(?:^|[,{"\s])boot_mode"?\s*:\s*"?([a-z]+)/.exec(value)?.[1];
}
