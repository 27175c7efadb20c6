import { type z } from 'zod';
import { type configSchema } from './config.schema.js';

/** The configuration of the process: read once, frozen. Durations are seconds. */
export type Config = z.output<typeof configSchema> & {
  /** Sentences for the log about what is odd and still allowed. */
  readonly warnings: readonly string[];
};

/** What to inject the configuration by. */
export const CONFIG = Symbol('ferrule:config');
