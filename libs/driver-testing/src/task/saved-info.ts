import { isJsonObject, type JsonObject } from '@ferrule/driver-kit';
import { lossOf } from './json-loss.js';

/**
 * Internal info after a change.
 * @throws TypeError for what the service cannot store.
 */
export function merged(before: JsonObject, changes: JsonObject): JsonObject {
  if (!isJsonObject(changes)) throw new TypeError('saveInternalInfo takes an object.');
  const problem = lossOf(changes, 'database');
  if (problem !== undefined) throw new TypeError(`What saveInternalInfo is to store ${problem}.`);
  const after = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined);
  return structuredClone(Object.fromEntries(after));
}
