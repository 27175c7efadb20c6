import { isJsonObject } from '@ferrule/driver-kit';
import { isSecretKey, MASK } from './secret-keys.js';
import { maskText } from './text-masking.js';

/** Keys at the top of a field that hold secrets, although their names do not say so. */
const FURTHER_SECRETS: Readonly<Record<string, readonly string[]>> = {
  instance_info: ['configdrive', 'image_url'],
};

type Members = Readonly<Record<string, unknown>>;

/** A field of a node without its secrets. The value itself is not changed. */
export function maskField(field: string, value: Members): Members {
  const further = (FURTHER_SECRETS[field] ?? []).filter(
    (key) => Object.hasOwn(value, key) && !isEmpty(value[key]),
  );
  return maskMembers(value, maskText, further);
}

/**
 * A JSON value without secrets: what stands under a secret key, unless it is an object, which is walked
 * through, and what `maskTextPart` takes out of texts.
 */
export function maskValue(value: unknown, maskTextPart: (text: string) => string = maskText): unknown {
  if (typeof value === 'string') return maskTextPart(value);
  if (Array.isArray(value)) return maskItems(value, maskTextPart);
  return isJsonObject(value) ? maskMembers(value, maskTextPart) : value;
}

function maskItems(items: readonly unknown[], maskTextPart: (text: string) => string): readonly unknown[] {
  const masked = items.map((item) => maskValue(item, maskTextPart));
  return masked.some((item, index) => item !== items[index]) ? masked : items;
}

/** Copies only what has a secret: values are large at times, and most have none. */
function maskMembers(
  value: Members,
  maskTextPart: (text: string) => string,
  further: readonly string[] = [],
): Members {
  const changes = new Map<string, unknown>();
  for (const key of Object.keys(value)) {
    const member = value[key];
    const isSecret = further.includes(key) || (isSecretKey(key) && !isJsonObject(member));
    const shown = isSecret ? MASK : maskValue(member, maskTextPart);
    if (shown !== member) changes.set(key, shown);
  }
  if (changes.size === 0) return value;
  // Not by assignment, which would set the prototype for a member called `__proto__`.
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, changes.has(key) ? changes.get(key) : member]),
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (isJsonObject(value) && Object.keys(value).length === 0);
}
