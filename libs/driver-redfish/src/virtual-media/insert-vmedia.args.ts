import { z } from 'zod';
import { flag } from '../flag.args.js';
import { hasNameForPassword, NAMELESS } from '../image-account.args.js';
import { isBootDevice } from './eject-vmedia.args.js';

const BOOT_DEVICES = 'it may be cd, dvd, usb or floppy';

const Args = z.strictObject({
  image: z
    .string()
    .max(2000)
    .refine(isImage, 'it is not a URI of http, https, nfs or cifs without user name and password')
    .describe('The URI from which the BMC reads the image; without user name and password.'),
  boot_device: z
    .string()
    .trim()
    .toLowerCase()
    .refine(isBootDevice, BOOT_DEVICES)
    .default('cd')
    .describe('The kind of medium: cd, dvd, usb or floppy. The first empty slot that takes it is used.'),
  slot: z
    .string()
    .min(1, 'it is empty')
    .max(2000)
    .optional()
    .describe('The Id or path of the slot, instead of boot_device.'),
  write_protected: flag(true).describe('Whether the medium is write-protected.'),
  username: z.string().max(200).optional().describe('The account at the server of the image.'),
  password: z
    .string()
    .max(200)
    .optional()
    .meta({ writeOnly: true })
    .describe('The password of that account.'),
});

export const InsertVmediaArgs = Args.refine(hasNameForPassword, NAMELESS);

export type InsertVmediaArgs = z.output<typeof InsertVmediaArgs>;

function isImage(text: string): boolean {
  if (!/^(?:https?|nfs|cifs):\/\/[^\s/?#\\]/i.test(text) || /[\s\p{Cc}]/u.test(text)) return false;
  if (!URL.canParse(text)) return false;
  const { username, password, hostname } = new URL(text);
  return username === '' && password === '' && hostname !== '';
}
