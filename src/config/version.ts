import { createRequire } from 'node:module';
import { z } from 'zod';

/** Of this service. The same path from `src` and from `dist`. */
export const { version } = z
  .object({ version: z.string() })
  .parse(createRequire(import.meta.url)('../../package.json'));
