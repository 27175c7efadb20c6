import { isSecretKey, MASK } from '@ferrule/driver-kit';
import { maskField, maskValue } from '../../secrets/masking.js';
import { type PatchOperation } from './json-patch.js';

/** Without secrets, for the audit. */
export function shownPatch(operations: readonly PatchOperation[]): unknown {
  return operations.map(({ op, path, field, rest, value }) =>
    value === undefined ? { op, path } : { op, path, value: shownValue(field, rest, value) },
  );
}

/** As it would be shown in its place. */
function shownValue(field: string, rest: readonly string[], value: unknown): unknown {
  if (rest.some(isSecretKey)) return MASK;
  const [key] = rest;
  if (key === undefined) return shownField(field, value);
  return rest.length === 1 ? Object.values(maskField(field, { [key]: value }))[0] : maskValue(value);
}

export function shownField(field: string, value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? maskField(field, value as Readonly<Record<string, unknown>>) : maskValue(value);
}
