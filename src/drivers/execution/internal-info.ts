import { isJsonObject, type JsonObject } from '@ferrule/driver-kit';
import { storableProblem } from '../../http/bodies/storable.js';
import { MAXIMUM_VALUES } from '../../http/bodies/json-size.js';
import { LimitExceeded, plainJson } from './plain-json.js';

const MIB = 1_048_576;

/** @returns a copy of the changes. @throws TypeError naming the member that cannot be stored. */
export function storedInfo(changes: unknown): JsonObject {
  const plain = plainChanges(changes);
  if (!isJsonObject(plain)) throw new TypeError('saveInternalInfo takes an object.');
  const problem = storableProblem(plain);
  if (problem !== undefined) throw new TypeError(`What saveInternalInfo is to store ${problem}.`);
  return plain;
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
