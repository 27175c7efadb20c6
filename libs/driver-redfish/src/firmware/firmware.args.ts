import { z } from 'zod';
import { APPLY_TIMES } from '../attributes.args.js';
import { flag } from '../flag.args.js';
import { hasNameForPassword, NAMELESS } from '../image-account.args.js';

const IMAGE =
  'it is not a URI, such as https://images.example/bmc.bin, without user name and password, which are arguments';

const Args = z.strictObject({
  image: z
    .string()
    .max(2000)
    .refine(isImage, IMAGE)
    .describe('The URI from which the firmware is read; without user name and password.'),
  upload: flag(false).describe(
    'Whether this service reads the image, from an http or https URL, and uploads it; otherwise the BMC reads it.',
  ),
  targets: z
    .array(z.string().startsWith('/', 'it is not a path of firmware_inventory').max(2000))
    .min(1)
    .max(100)
    .optional()
    .describe('The paths of the firmware_inventory to update; without it, the BMC chooses by the image.'),
  username: z.string().max(200).optional().describe('The account at the server of the image.'),
  password: z
    .string()
    .max(200)
    .optional()
    .meta({ writeOnly: true })
    .describe('The password of that account.'),
  apply_time: z
    .enum(APPLY_TIMES, `it may be ${APPLY_TIMES.join(', ')}`)
    .optional()
    .describe('When the BMC applies the firmware; without it, as the BMC does by default.'),
});

export const UpdateFirmwareArgs = Args.refine(({ image, upload }) => !upload || /^https?:/i.test(image), {
  path: ['image'],
  message: 'only an image of http or https can be uploaded',
}).refine(hasNameForPassword, NAMELESS);

export type UpdateFirmwareArgs = z.output<typeof UpdateFirmwareArgs>;

function isImage(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#\\]/i.test(text) || /[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) {
    return false;
  }
  const { username, password, hostname } = new URL(text);
  return username === '' && password === '' && hostname !== '';
}
