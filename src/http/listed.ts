/** How many problems an error names. */
export const MAXIMUM_NAMED = 10;
/** Characters of a name or value that an error quotes. */
const MAXIMUM_LENGTH = 200;

/**
 * Names in a message: `a, b, c`, of many only the first and the number of the rest.
 * @param most how many at most.
 */
export function listed(names: readonly string[], most = MAXIMUM_NAMED): string {
  const { named, rest } = firstOf(names, most);
  return `${[...named].map(shortened).sort().join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The first of a list and the number of the others, for errors that have a sentence for each. */
export function firstOf<T>(
  items: readonly T[],
  most = MAXIMUM_NAMED,
): { readonly named: readonly T[]; readonly rest: number } {
  return { named: items.slice(0, most), rest: Math.max(0, items.length - most) };
}

/** What a client sent, as short as a message needs it. */
export function shortened(text: string): string {
  return text.length > MAXIMUM_LENGTH ? `${text.slice(0, MAXIMUM_LENGTH)}…` : text;
}
