import { z } from 'zod';

/** As Ironic reads them, in any case; it takes any other word for false, which would be a cold reset by mistake. */
const TRUE = ['1', 't', 'true', 'on', 'y', 'yes'];
const FALSE = ['0', 'f', 'false', 'off', 'n', 'no'];

export const BmcResetArgs = z.object({
  warm: z
    .preprocess(flagOf, z.boolean(`it may be true or false, or one of: ${[...TRUE, ...FALSE].join(', ')}`))
    .prefault(true)
    .meta({ type: 'boolean' })
    .describe('True for a warm reset, false for a cold one.'),
});

function flagOf(value: unknown): unknown {
  const word =
    typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : '';
  if (TRUE.includes(word)) return true;
  return FALSE.includes(word) ? false : value;
}
