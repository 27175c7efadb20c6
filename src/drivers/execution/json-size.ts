/**
 * Whether JSON of the value surely has more bytes. Stops as soon as that is clear, since encoding a huge value would
 * block the service for seconds.
 */
export function isLongerThan(limit: number, value: unknown): boolean {
  const seen = new Set<object>();
  const open: unknown[] = [value];
  let size = 0;
  while (open.length > 0) {
    const next = open.pop();
    size += leastSize(next);
    if (size > limit) return true;
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next) || seen.has(next)) continue;
    seen.add(next);
    if (Array.isArray(next)) {
      for (const item of next) open.push(item);
    } else if (!('toJSON' in next)) {
      for (const [key, member] of Object.entries(next)) {
        size += key.length;
        open.push(member);
      }
    }
  }
  return size > limit;
}

function leastSize(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return ArrayBuffer.isView(value) ? value.byteLength : 1;
}
