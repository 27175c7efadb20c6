import { type z } from 'zod';
import { type configSchema } from './config.schema.js';

/** The frozen configuration of the process. Durations are seconds. */
export type Config = z.output<typeof configSchema> & {
  /** Sentences for the log about settings that are allowed but probably unintended. */
  readonly warnings: readonly string[];
};

export const CONFIG = Symbol('ferrule:config');
