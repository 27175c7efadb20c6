import { isSecretKey, MASK, maskText } from './text-masking.js';

/** Keys at the top of a field that hold secrets, although their names do not say so. */
const FURTHER_SECRETS: Readonly<Record<string, readonly string[]>> = {
  driver_info: ['snmp_auth_key', 'snmp_priv_key'],
  instance_info: ['configdrive', 'image_url'],
};

/** A field of a node without its secrets. */
export function maskField(field: string, value: Record<string, unknown>): Record<string, unknown> {
  const masked = maskMembers(value);
  for (const key of FURTHER_SECRETS[field] ?? []) {
    if (Object.hasOwn(masked, key) && !isEmpty(masked[key])) masked[key] = MASK;
  }
  return masked;
}

function maskMembers(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [
      key,
      isSecretKey(key) && !isMembers(member) ? MASK : maskValue(member),
    ]),
  );
}

function maskValue(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskValue);
  return isMembers(value) ? maskMembers(value) : value;
}

function isMembers(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (isMembers(value) && Object.keys(value).length === 0);
}
