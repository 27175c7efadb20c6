import { type z } from 'zod';
import { type configSchema } from './config.schema.js';

export type Config = z.output<typeof configSchema> & {
  /** Settings that are allowed but probably unintended, for the log. */
  readonly warnings: readonly string[];
};

export const CONFIG = Symbol('ferrule:config');
