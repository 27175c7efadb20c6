import { type FerruleError, type JsonObject, MissingParameterValue } from '@ferrule/driver-kit';
import { nearest } from '../text/nearest.js';
import { listed } from '../text/listed.js';

/** Longer keys are not compared: the comparison takes the product of both lengths. */
const LONGEST_KEY = 64;

/** Adds to the error of a check that misses keys of driver_info which of the given keys may be meant. */
export function withMisspeltKeys(
  error: FerruleError,
  known: readonly string[],
  driverInfo: JsonObject,
): FerruleError {
  if (error.code !== 'MissingParameterValue') return error;
  const guesses = misspelt(known, driverInfo);
  if (guesses.length === 0) return error;
  const message = `${error.message.replace(/\.$/, '')}. Unknown keys of driver_info: ${listed(guesses)}.`;
  return new MissingParameterValue(message, { cause: error });
}

function misspelt(known: readonly string[], driverInfo: JsonObject): string[] {
  const absent = known.filter((key) => (driverInfo[key] ?? '') === '');
  return Object.keys(driverInfo)
    .filter((key) => key.length <= LONGEST_KEY && !known.includes(key))
    .flatMap((key) => {
      const meant = nearest(key, absent);
      return meant === undefined ? [] : [`${key} (did you mean ${meant}?)`];
    });
}
