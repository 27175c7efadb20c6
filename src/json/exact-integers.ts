import { placeOfInfinity } from './storable.js';

/** Integers with at most this many digits are exact. */
export const EXACT_DIGITS = 15;

const TOKEN = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * JavaScript would change integers beyond 2^53 silently. Numbers with a fraction or an exponent are not meant to be exact.
 * @param json valid JSON.
 * @returns for example `has an integer that cannot be stored exactly at a.b`; undefined if all are exact.
 */
export function inexactIntegerProblem(json: string): string | undefined {
  // The place is that of an infinite number in place of the integer: in Node 20 the parser does not tell the text of a
  // number.
  let isExact = true;
  const marked = json.replaceAll(TOKEN, (token) => {
    if (!/^-?\d+$/.test(token) || token === '-0' || String(Number(token)) === token) return token;
    isExact = false;
    return '1e999';
  });
  if (isExact) return undefined;
  return `has an integer that cannot be stored exactly${placeOfInfinity(JSON.parse(marked))}`;
}
