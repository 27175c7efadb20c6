import { z } from 'zod';

/** The members of a node's driver_info: how its BMC is reached. */
export const AcmeXrInfo = z.object({
  acme_xr_address: z.string().min(1).describe('Address of the BMC. Required.'),
  acme_xr_username: z.string().default('root').describe('User of the BMC. Default: root.'),
  acme_xr_password: z.string().optional().describe('Password of that user. Optional.'),
});
export type AcmeXrInfo = z.output<typeof AcmeXrInfo>;
