import { isJsonObject, isSecretKey, MASK } from '@ferrule/driver-kit';
import { maskText } from './text-masking.js';

/** Top-level keys of a field that are secret although `isSecretKey` does not match them. */
export const FURTHER_SECRETS: Readonly<Record<string, readonly string[]>> = {
  instance_info: ['configdrive', 'image_url'],
};

type Members = Readonly<Record<string, unknown>>;

export function maskField(field: string, value: Members): Members {
  const further = (FURTHER_SECRETS[field] ?? []).filter(
    (key) => Object.hasOwn(value, key) && !isEmpty(value[key]),
  );
  return maskMembers(value, maskText, further);
}

/** Applies `maskTextPart` to strings that are not under secret keys. */
export function maskValue(value: unknown, maskTextPart: (text: string) => string = maskText): unknown {
  if (typeof value === 'string') return maskTextPart(value);
  if (Array.isArray(value)) return maskItems(value, maskTextPart);
  return isJsonObject(value) ? maskMembers(value, maskTextPart) : value;
}

function maskItems(items: readonly unknown[], maskTextPart: (text: string) => string): readonly unknown[] {
  const masked = items.map((item) => maskValue(item, maskTextPart));
  return masked.some((item, index) => item !== items[index]) ? masked : items;
}

/** Copies only if there is a secret, since values may be large. */
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
  // An assignment to `__proto__` would set the prototype.
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, changes.has(key) ? changes.get(key) : member]),
  );
}

/** As `maskValue`, and without the objects under secret keys, whose members views show. */
export function maskBelowSecretKeys(
  value: unknown,
  maskTextPart: (text: string) => string = maskText,
): unknown {
  return withoutSecretObjects(maskValue(value, maskTextPart));
}

function withoutSecretObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretObjects);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      isSecretKey(key) && isJsonObject(member) ? MASK : withoutSecretObjects(member),
    ]),
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (isJsonObject(value) && Object.keys(value).length === 0);
}
