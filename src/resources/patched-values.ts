import { fieldValue } from './field-value.js';
import { changeBelow, missing, type PatchOperation } from './json-patch.js';
import { type ResourceFields } from './resource-field.js';

/**
 * The fields that a patch names as they are after it, before they are checked; null for removed.
 * @throws PatchError (400)
 */
export function patchedValues<F extends string>(
  fields: ResourceFields<F>,
  before: (field: F) => unknown,
  operations: readonly PatchOperation<F>[],
): Map<F, unknown> {
  const values = new Map<F, unknown>();
  for (const operation of operations) {
    const { field, op, rest } = operation;
    if (rest.length > 0) {
      if (fields[field].type !== 'object') throw missing(operation);
      if (!values.has(field)) values.set(field, copyOf(before(field)));
      changeBelow(values.get(field), operation);
    } else values.set(field, op === 'remove' ? null : structuredClone(operation.value));
  }
  return values;
}

/**
 * What a patch changes of a stored resource.
 * @throws BadRequest (400)
 */
export function changedValues<F extends string>(
  fields: ResourceFields<F>,
  stored: Readonly<Partial<Record<F, unknown>>>,
  operations: readonly PatchOperation<F>[],
): Map<F, unknown> {
  const before = (field: F): unknown => stored[field] ?? null;
  const changes = new Map<F, unknown>();
  for (const [field, patched] of patchedValues(fields, before, operations)) {
    const value = fieldValue(field, fields[field], patched, before(field));
    // JSON columns store text, so another order of keys is a change.
    if (JSON.stringify(value) !== JSON.stringify(before(field))) changes.set(field, value);
  }
  return changes;
}

/** `structuredClone` overflows the stack for values of some thousand levels, which older versions stored. */
function copyOf(stored: unknown): unknown {
  return JSON.parse(JSON.stringify(stored));
}
