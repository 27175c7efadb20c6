import { z } from 'zod';
import { flag } from '../flag.args.js';

export const ClearJobQueueArgs = z.strictObject({
  force: flag(false).describe('Whether to remove jobs that run, too.'),
});

export type ClearJobQueueArgs = z.output<typeof ClearJobQueueArgs>;
