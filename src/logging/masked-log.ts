import { isSecretKey, MASK } from '@ferrule/driver-kit';
import { beginningOf } from '../secrets/long-text.js';
import { maskText } from '../secrets/text-masking.js';

const MAXIMUM_DEPTH = 5;
/** In characters; masking more would block requests. */
const MAXIMUM_TEXT = 65_536;

/** The id of a caller, such as `token:ops`, reads like a secret and is none. */
const CALLER_ID = 'caller_id';

/** Instances of classes are not changed. */
export function maskedLog(object: Record<string, unknown>): Record<string, unknown> {
  const { [CALLER_ID]: callerId } = object;
  const masked = maskedMembers(object, 1);
  return callerId === undefined ? masked : { ...masked, [CALLER_ID]: callerId };
}

function maskedMembers(object: object, depth: number): Record<string, unknown> {
  const members = Object.entries(object).map(([key, value]: [string, unknown]): [string, unknown] => [
    key,
    isSecretKey(key) && !isPlain(value) ? MASK : masked(value, depth),
  ]);
  return Object.fromEntries(members);
}

export function maskedText(text: string): string {
  return maskText(beginningOf(text, MAXIMUM_TEXT));
}

function masked(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (!Array.isArray(value) && !isPlain(value)) return value;
  if (depth === MAXIMUM_DEPTH) return '(too deep)';
  return Array.isArray(value)
    ? value.map((item) => masked(item, depth + 1))
    : maskedMembers(value, depth + 1);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
