import { isJsonObject, isSecretKey, type JsonObject, MASK } from '@ferrule/driver-kit';
import { type Maskable } from '../secrets/maskable.js';
import { maskBelowSecretKeys, maskField } from '../secrets/masking.js';
import { type PatchOperation } from './json-patch.js';

/** For the audit. */
export function maskablePatch(operations: readonly PatchOperation[]): Maskable {
  const masked = () =>
    operations.map(({ op, path, field, rest, value }) =>
      value === undefined ? { op, path } : { op, path, value: shownValue(field, rest, value) },
    );
  return { value: operations, masked };
}

/** The body that creates a node, for the audit. */
export function maskableFields(body: JsonObject): Maskable {
  const masked = () =>
    Object.fromEntries(Object.entries(body).map(([name, value]) => [name, shownField(name, value)]));
  return { value: body, masked };
}

/** As it would be shown in its place, without anything below a secret key. */
function shownValue(field: string, rest: readonly string[], value: unknown): unknown {
  if (rest.some(isSecretKey)) return MASK;
  const [key] = rest;
  if (key === undefined) return shownField(field, value);
  const shown = rest.length === 1 ? Object.values(maskField(field, { [key]: value }))[0] : value;
  return maskBelowSecretKeys(shown);
}

function shownField(field: string, value: unknown): unknown {
  return maskBelowSecretKeys(isJsonObject(value) ? maskField(field, value) : value);
}
