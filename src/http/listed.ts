/** How many problems an error names. */
const MAXIMUM_NAMED = 10;
/** Characters of a name or value that an error quotes. */
const MAXIMUM_LENGTH = 200;

/** Names in a message: `a, b, c`, of many only the first ten and the number of the rest. */
export function listed(names: readonly string[]): string {
  const { named, rest } = firstOf(names);
  return `${[...named].map(shortened).sort().join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The first ten of a list and the number of the others, for errors that have a sentence for each. */
export function firstOf<T>(items: readonly T[]): { named: readonly T[]; rest: number } {
  return { named: items.slice(0, MAXIMUM_NAMED), rest: Math.max(0, items.length - MAXIMUM_NAMED) };
}

/** What a client sent, as short as a message needs it. */
export function shortened(text: string): string {
  return text.length > MAXIMUM_LENGTH ? `${text.slice(0, MAXIMUM_LENGTH)}…` : text;
}
