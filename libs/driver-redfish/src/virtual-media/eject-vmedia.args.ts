import { z } from 'zod';

/** What `eject_vmedia` calls a device, and the MediaTypes of a slot that may hold it. */
export const BOOT_DEVICES = {
  // An ISO in a slot that only calls itself DVD is what "cd" means there (Cisco UCS).
  cd: ['CD', 'DVD'],
  dvd: ['DVD'],
  usb: ['USBStick'],
  floppy: ['Floppy'],
} as const;

export type BootDevice = keyof typeof BOOT_DEVICES;

/** As in Ironic, arguments beside this one are let pass and have no effect; nothing and null mean all. */
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
