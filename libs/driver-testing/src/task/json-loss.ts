/** What may be lost: only in JSON, or also in the database. */
export type Medium = 'json' | 'database';

/** Why JSON, or the database that stores it, would not give a value back; undefined if it would. */
export function lossOf(
  value: unknown,
  medium: Medium,
  ancestors: readonly object[] = [],
): string | undefined {
  switch (typeof value) {
    case 'string':
      if (medium === 'database' && value.includes('\0')) return 'has a text with a NUL character';
      return value.isWellFormed() ? undefined : 'has a text with half a surrogate pair';
    case 'number':
      return Number.isFinite(value) ? undefined : `has the number ${value}`;
    case 'boolean':
      return undefined;
    case 'object':
      return value === null ? undefined : lossOfObject(value, medium, ancestors);
    default:
      return `has a value of the type ${typeof value}`;
  }
}

function lossOfObject(object: object, medium: Medium, ancestors: readonly object[]): string | undefined {
  if (ancestors.includes(object)) return 'contains itself';
  // A plain object, also of another realm, as the test runners have them.
  const prototype: unknown = Object.getPrototypeOf(object);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!Array.isArray(object) && !isPlain) return `has an object of the class ${object.constructor.name}`;
  const path = [...ancestors, object];
  const members: readonly unknown[] = Array.isArray(object)
    ? object
    : Object.values(object).filter((member) => member !== undefined);
  for (const member of members) {
    const loss = lossOf(member, medium, path);
    if (loss !== undefined) return loss;
  }
  return undefined;
}
