/** Why JSON would not give a value back; undefined if it would. */
export function lossOf(value: unknown, ancestors: readonly object[] = []): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? undefined : 'has a text with half a surrogate pair';
    case 'number':
      return Number.isFinite(value) ? undefined : `has the number ${value}`;
    case 'boolean':
      return undefined;
    case 'object':
      return value === null ? undefined : lossOfObject(value, ancestors);
    default:
      return `has a value of the type ${typeof value}`;
  }
}

function lossOfObject(object: object, ancestors: readonly object[]): string | undefined {
  if (ancestors.includes(object)) return 'contains itself';
  const path = [...ancestors, object];
  if (Array.isArray(object)) return firstLoss(object, path);
  // A plain object, also of another realm, as the test runners have them.
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return `has an object of the class ${object.constructor.name}`;
  }
  return firstLoss(
    Object.values(object).filter((member) => member !== undefined),
    path,
  );
}

function firstLoss(values: readonly unknown[], path: readonly object[]): string | undefined {
  for (const value of values) {
    const loss = lossOf(value, path);
    if (loss !== undefined) return loss;
  }
  return undefined;
}
