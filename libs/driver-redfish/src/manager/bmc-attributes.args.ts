import { z } from 'zod';
import { attributes, applyTime } from '../attributes.args.js';

const group = z
  .string()
  .min(1, 'it is empty')
  .max(200)
  .optional()
  .describe('The group, by its name in bmc_attributes_get.');

export const BmcAttributesGetArgs = z.strictObject({
  group: group.describe('The group; by default the first of groups.'),
});

export const BmcAttributesSetArgs = z.strictObject({
  attributes: attributes.describe('The attributes to set, by their names in bmc_attributes_get.'),
  group: group.describe('The group; by default the first that has all of the attributes.'),
  apply_time: applyTime.describe('When the BMC applies them; without it at once.'),
});

export type BmcAttributesGetArgs = z.output<typeof BmcAttributesGetArgs>;
export type BmcAttributesSetArgs = z.output<typeof BmcAttributesSetArgs>;
