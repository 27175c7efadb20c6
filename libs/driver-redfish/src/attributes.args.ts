import { z } from 'zod';

export const APPLY_TIMES = [
  'Immediate',
  'OnReset',
  'AtMaintenanceWindowStart',
  'InMaintenanceWindowOnReset',
] as const;

export const applyTime = z.enum(APPLY_TIMES, `it may be ${APPLY_TIMES.join(', ')}`).optional();

/** Values by name. Passwords may be among them. */
export const attributes = z
  .record(
    z.string().min(1, 'it is empty').max(200),
    z.union([z.string().max(2000), z.number(), z.boolean()], 'it may be a text, a number or a boolean'),
  )
  .refine((values) => Object.keys(values).length > 0, 'it names no attribute')
  .meta({ writeOnly: true });
