import { exceededLimit, MAXIMUM_VALUES } from '../json/json-size.js';
import { MAXIMUM_DEPTH } from '../json/storable.js';
import { BadRequest } from '../http/errors.js';

/** Of the JSON of each field; reading and masking more would block other requests. */
export const MAXIMUM_FIELD_BYTES = 1_048_576;

/**
 * A PATCH can add to what is there.
 * @param before the field as it is stored; one that exceeds a limit already may be changed if it does not exceed it
 * further.
 * @throws BadRequest (400)
 */
export function assertFieldFits(name: string, value: object, before: unknown): void {
  if (exceededLimit({ bytes: Infinity, values: MAXIMUM_VALUES }, value) !== undefined) {
    throw new BadRequest(`Invalid ${name}: it has more than ${MAXIMUM_VALUES} members and items.`);
  }
  if (isAbove(MAXIMUM_DEPTH, depthOf, value, before)) {
    throw new BadRequest(`Invalid ${name}: it is nested deeper than ${MAXIMUM_DEPTH} levels.`);
  }
  if (isAbove(MAXIMUM_FIELD_BYTES, bytesOf, value, before)) {
    throw new BadRequest(`Invalid ${name}: its JSON is larger than ${MAXIMUM_FIELD_BYTES} bytes.`);
  }
}

function isAbove(
  limit: number,
  measure: (value: unknown) => number,
  value: unknown,
  before: unknown,
): boolean {
  const measured = measure(value);
  return measured > limit && measured > measure(before);
}

/** Without recursion, since a stored value may be nested too deep for it. */
function depthOf(value: unknown): number {
  let depth = 0;
  let level = [value].filter(isContainer);
  while (level.length > 0) {
    depth++;
    level = level.flatMap((container): unknown[] => Object.values(container)).filter(isContainer);
  }
  return depth;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function bytesOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
