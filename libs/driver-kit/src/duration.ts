/** A length of time: `'500ms'`, `'30s'`, `'5m'`, `'2h'`, `'7d'`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** The longest delay of a timer of Node, in milliseconds: almost 25 days. A longer one would end at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration. @throws RangeError if the text is not a number with a unit */
export function milliseconds(duration: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration);
  const length = Number(match?.[1]) * UNITS[match?.[2] as keyof typeof UNITS];
  if (Number.isFinite(length)) return length;
  throw new RangeError(`'${duration}' is not a duration; write for example '30s' or '5m'.`);
}
