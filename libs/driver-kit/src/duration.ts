/** A length of time: `'500ms'`, `'30s'`, `'5m'`, `'2h'`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h'}`;

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration. @throws RangeError if the text is not a positive number with a unit */
export function milliseconds(duration: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration);
  const length = Number(match?.[1]) * UNITS[match?.[2] as keyof typeof UNITS];
  if (!(length > 0))
    throw new RangeError(`'${duration}' is not a duration; write for example '30s' or '5m'.`);
  return length;
}
