import { isJsonObject, type JsonObject } from '@ferrule/driver-kit';

/**
 * Internal info after a change.
 * @throws TypeError for what the service cannot store.
 */
export function merged(before: JsonObject, changes: JsonObject): JsonObject {
  if (!isJsonObject(changes)) throw new TypeError('saveInternalInfo takes an object.');
  const problem = lossOf(changes);
  if (problem !== undefined) throw new TypeError(`What saveInternalInfo is to store ${problem}.`);
  const after = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined);
  return structuredClone(Object.fromEntries(after));
}

/** Why JSON, or a database that stores it, would not give this value back; undefined if it would. */
export function lossOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      if (value.includes('\0')) return 'has a text with a NUL character';
      return value.isWellFormed() ? undefined : 'has a text with half a surrogate pair';
    case 'number':
      return Number.isFinite(value) ? undefined : `has the number ${value}`;
    case 'boolean':
      return undefined;
    case 'object':
      return value === null ? undefined : lossOfObject(value);
    default:
      return `has a ${typeof value}`;
  }
}

function lossOfObject(object: object): string | undefined {
  if (Array.isArray(object)) return firstLoss(object);
  if (!isPlain(object)) return `has an object of the class ${object.constructor.name}`;
  return firstLoss(Object.values(object).filter((member) => member !== undefined));
}

/** Also of another realm, as the test runners have them. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function firstLoss(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const loss = lossOf(value);
    if (loss !== undefined) return loss;
  }
  return undefined;
}
