// Limits of error messages: names, and characters of each.
export const MAXIMUM_NAMED = 10;
const MAXIMUM_LENGTH = 200;

/** `a, b, c`, or the first `most` and the number of the rest. */
export function listed(names: readonly string[], most = MAXIMUM_NAMED): string {
  const { named, rest } = firstOf(names, most);
  return `${[...named].map(shortened).sort().join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

export function firstOf<T>(
  items: readonly T[],
  most = MAXIMUM_NAMED,
): { readonly named: readonly T[]; readonly rest: number } {
  return { named: items.slice(0, most), rest: Math.max(0, items.length - most) };
}

export function shortened(text: string): string {
  return text.length > MAXIMUM_LENGTH ? `${text.slice(0, MAXIMUM_LENGTH)}…` : text;
}
