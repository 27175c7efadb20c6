import { isJsonObject, type JsonObject } from '@ferrule/driver-kit';
import { storableProblem } from '../../http/bodies/storable.js';
import { exceededLimit, MAXIMUM_VALUES } from '../../http/bodies/json-size.js';

const MIB = 1_048_576;

/** @throws TypeError naming the member of the changes that cannot be stored. */
export function assertInternalInfo(changes: unknown): asserts changes is JsonObject {
  if (!isJsonObject(changes)) throw new TypeError('saveInternalInfo takes an object.');
  const exceeded = exceededLimit({ bytes: MIB, values: MAXIMUM_VALUES }, changes);
  if (exceeded === 'bytes') throw new TypeError('saveInternalInfo stores at most 1 MiB at once.');
  if (exceeded === 'values') {
    throw new TypeError(`saveInternalInfo stores at most ${MAXIMUM_VALUES} members and items at once.`);
  }
  const problem = storableProblem(changes);
  if (problem !== undefined) throw new TypeError(`What saveInternalInfo is to store ${problem}.`);
}
