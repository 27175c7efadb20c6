import { isJsonObject, type JsonObject } from '@ferrule/driver-kit';
import { storableProblem } from '../../json/storable.js';
import { MAXIMUM_VALUES } from '../../json/json-size.js';
import { LimitExceeded, plainJson } from './plain-json.js';

const MIB = 1_048_576;

/** @returns a copy of the changes; its undefined members are to be removed. @throws TypeError if it cannot be stored. */
export function storedInfo(changes: unknown): JsonObject {
  const plain = plainChanges(changes);
  if (!isJsonObject(plain) || !isJsonObject(changes))
    throw new TypeError('saveInternalInfo takes an object.');
  const removed = Object.keys(changes).filter((key) => changes[key] === undefined);
  const copy = { ...plain, ...Object.fromEntries(removed.map((key) => [key, undefined])) };
  const problem = storableProblem(copy);
  if (problem !== undefined) throw new TypeError(`What saveInternalInfo is to store ${problem}.`);
  return copy;
}

function plainChanges(changes: unknown): unknown {
  try {
    return plainJson({ bytes: MIB, values: MAXIMUM_VALUES }, changes);
  } catch (error) {
    if (!(error instanceof LimitExceeded)) throw error;
    const limit = error.limit === 'bytes' ? '1 MiB' : `${MAXIMUM_VALUES} members and items`;
    throw new TypeError(`saveInternalInfo stores at most ${limit} at once.`, { cause: error });
  }
}
