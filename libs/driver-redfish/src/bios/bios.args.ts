import { z } from 'zod';

export const APPLY_TIMES = [
  'Immediate',
  'OnReset',
  'AtMaintenanceWindowStart',
  'InMaintenanceWindowOnReset',
] as const;

export const BiosSetArgs = z.strictObject({
  attributes: z
    .record(z.string().min(1).max(200), z.union([z.string().max(2000), z.number(), z.boolean()]))
    .refine((attributes) => Object.keys(attributes).length > 0, 'it names no attribute')
    // A setup password is an attribute.
    .meta({ writeOnly: true })
    .describe('The attributes to set, by their names in bios_get.'),
  apply_time: z
    .enum(APPLY_TIMES, `it may be ${APPLY_TIMES.join(', ')}`)
    .optional()
    .describe('When the BMC applies them; without it, as the BMC does by default, mostly at the next reset.'),
});

export type BiosSetArgs = z.output<typeof BiosSetArgs>;
