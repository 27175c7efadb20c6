import { z } from 'zod';
import { applyTime, attributes } from '../attributes.args.js';

export const BiosSetArgs = z.strictObject({
  attributes: attributes.describe('The attributes to set, by their names in bios_get.'),
  apply_time: applyTime.describe(
    'When the BMC applies them; without it OnReset, or as the BMC does if it lets no such time be chosen.',
  ),
});

export type BiosSetArgs = z.output<typeof BiosSetArgs>;
