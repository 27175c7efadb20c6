/**
 * A copy of parsed JSON. A driver gets one, so that what it changes or deletes does not change the stored values, the
 * arguments of a later step or the secrets that are masked.
 */
export function copyOf<T>(json: T): T;
export function copyOf(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item: unknown) => copyOf(item));
  // A spread also copies a member called `__proto__`, and then an assignment changes that member.
  const copy: Record<string, unknown> = { ...json };
  for (const key of Object.keys(copy)) {
    const member = copy[key];
    if (typeof member === 'object' && member !== null) copy[key] = copyOf(member);
  }
  return copy;
}
