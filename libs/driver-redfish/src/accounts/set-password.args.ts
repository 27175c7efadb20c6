import { z } from 'zod';

export const SetPasswordArgs = z.strictObject({
  password: z
    .string()
    .min(1, 'it is empty')
    .max(256)
    .refine((text) => !/\p{Cc}/u.test(text), 'it contains a control character')
    .meta({ writeOnly: true })
    .describe('The new password.'),
  username: z
    .string()
    .min(1, 'it is empty')
    .max(200)
    .optional()
    .describe("The account's user name at the BMC; by default that of the node's driver_info."),
});

export type SetPasswordArgs = z.output<typeof SetPasswordArgs>;
