import { z } from 'zod';
import { flag } from '../flag.args.js';

export const BmcResetArgs = z.strictObject({
  warm: flag(true).describe('Whether the BMC restarts gracefully; false forces the restart.'),
});

export type BmcResetArgs = z.output<typeof BmcResetArgs>;
