import { z } from 'zod';
import { milliseconds } from '../duration.js';
import { type MethodDeclaration } from './methods.js';

type Options = MethodDeclaration['options'];

/** Milliseconds. */
const DEFAULT_TIMEOUT = { sync: 60_000, async: 3_600_000 };

/** Milliseconds that a call of a method may take, declared or by default. @throws RangeError if it is no duration */
export function timeoutOf({ timeout, async: isAsync = true }: Options): number {
  return timeout === undefined ? DEFAULT_TIMEOUT[isAsync ? 'async' : 'sync'] : milliseconds(timeout);
}

/**
 * The schema of a method's arguments; without one it takes none. An object schema that says nothing of unknown arguments
 * refuses them, because zod would drop them silently.
 */
export function argumentsOf({ args = z.strictObject({}) }: Options): z.ZodObject {
  return args.def.catchall === undefined ? args.strict() : args;
}
