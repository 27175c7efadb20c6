import { isJsonObject, type JsonObject } from '@ferrule/driver-kit';
import { storableProblem } from '../../http/bodies/storable.js';
import { isLongerThan } from './json-size.js';

const MIB = 1_048_576;

/** @throws TypeError naming the member of the changes that cannot be stored. */
export function assertInternalInfo(changes: unknown): asserts changes is JsonObject {
  if (!isJsonObject(changes)) throw new TypeError('saveInternalInfo takes an object.');
  if (isLongerThan(MIB, changes)) throw new TypeError('saveInternalInfo stores at most 1 MiB at once.');
  const problem = storableProblem(changes);
  if (problem !== undefined) throw new TypeError(`What saveInternalInfo is to store ${problem}.`);
}
