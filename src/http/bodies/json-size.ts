/**
 * Most members and items of a JSON value, at all levels, in a body or a field of a node. What is done with each of them,
 * such as checking, masking and naming it in an error, would else block other requests. Long strings are not limited.
 */
export const MAXIMUM_VALUES = 10_000;

/** Whether a JSON value has more members and items than allowed. */
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
