import { z } from 'zod';

export const BOOT_DEVICES = {
  // Cisco UCS calls the slot for an ISO only DVD.
  cd: ['CD', 'DVD'],
  dvd: ['DVD'],
  usb: ['USBStick'],
  floppy: ['Floppy'],
} as const;

export type BootDevice = keyof typeof BOOT_DEVICES;

/** Loose because Ironic accepts and ignores further arguments. No device, or null, means all. */
export const EjectVmediaArgs = z.looseObject({
  boot_device: z
    .string()
    .trim()
    .toLowerCase()
    .refine((device) => device === '' || isBootDevice(device), {
      error: ({ input }) =>
        `Boot device ${String(input).slice(0, 50)} is not a valid value: it may be cd, dvd, usb or floppy`,
    })
    .nullish()
    .describe('cd, dvd, usb or floppy; all media without it.'),
});

export function isBootDevice(device: string | null | undefined): device is BootDevice {
  return typeof device === 'string' && Object.hasOwn(BOOT_DEVICES, device);
}
