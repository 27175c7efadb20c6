/** At all levels: checking, masking or naming more of them would block other requests. Long strings are not limited. */
export const MAXIMUM_VALUES = 10_000;

export function hasTooManyValues(value: unknown): boolean {
  const waiting: unknown[] = [value];
  for (let count = 0; waiting.length > 0;) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    const members: unknown[] = Object.values(next);
    count += members.length;
    if (count > MAXIMUM_VALUES) return true;
    for (const member of members) waiting.push(member);
  }
  return false;
}
