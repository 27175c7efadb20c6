/** At all levels: checking, masking or naming more of them would block other requests. Long strings are not limited. */
export const MAXIMUM_VALUES = 10_000;

export interface SizeLimits {
  /** Of JSON. */
  readonly bytes: number;
  /** Members and items at all levels. */
  readonly values: number;
}

/**
 * Which limit JSON of the value surely exceeds. Stops as soon as that is clear, since encoding a huge value would block
 * the service for seconds.
 */
export function exceededLimit(limits: SizeLimits, value: unknown): keyof SizeLimits | undefined {
  const seen = new Set<object>();
  const open: unknown[] = [value];
  let bytes = 0;
  let values = 0;
  while (open.length > 0) {
    const next = open.pop();
    bytes += leastSize(next);
    if (ArrayBuffer.isView(next)) values += next.byteLength;
    else if (typeof next === 'object' && next !== null && !seen.has(next)) {
      seen.add(next);
      const members = Array.isArray(next) ? next : membersOf(next);
      values += members.length;
      if (values <= limits.values) {
        for (const member of members) open.push(member);
        if (members !== next) for (const key of Object.keys(next)) bytes += key.length;
      }
    }
    if (bytes > limits.bytes) return 'bytes';
    if (values > limits.values) return 'values';
  }
  return undefined;
}

/** None for an object that makes its own JSON. */
function membersOf(value: object): readonly unknown[] {
  return typeof Reflect.get(value, 'toJSON') === 'function' ? [] : Object.values(value);
}

function leastSize(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return ArrayBuffer.isView(value) ? value.byteLength : 1;
}
