import { z } from 'zod';
import { type RawBytes, rawBytesOf } from './raw-bytes.js';

const TEXT = 'it must be a text of bytes such as "0x06 0x01", or a list of numbers from 0 to 255';
const NUMBER = 'it must be a whole number from 0 to 255';

export const SendRawArgs = z.object({
  raw_bytes: z
    .union([z.string(), z.array(z.int(NUMBER).min(0, NUMBER).max(255, NUMBER))], { error: () => TEXT })
    .transform((value, context): RawBytes => {
      const bytes = rawBytesOf(value);
      if (typeof bytes !== 'string') return bytes;
      context.addIssue(bytes);
      return z.NEVER;
    })
    .describe('The network function, the command and the data: "0x06 0x01", or [6, 1].'),
});
