import { StartError } from '../../config/start-error.js';
import { positiveDuration } from '../../config/values.js';

/** Milliseconds of an option `--timeout`. */
export function timeoutOf(text: string): number {
  const { data, error } = positiveDuration.safeParse(text);
  if (error !== undefined)
    throw new StartError(`--timeout ${error.issues.map(({ message }) => message).join(', ')}.`);
  return data * 1_000;
}
