import { MalformedBody } from '../errors.js';
import { placeOfInfinity } from './storable.js';

/** Integers with at most this many digits are exact. */
export const EXACT_DIGITS = 15;

const TOKEN = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * JavaScript would change integers beyond 2^53 silently. Numbers with a fraction or an exponent are not meant to be exact.
 * @param json valid JSON.
 * @param source start of the message, for example `The request body`.
 * @throws MalformedBody (400) naming the place but not the value.
 */
export function assertExactIntegers(json: string, source: string): void {
  // The place is that of an infinite number in place of the integer: in Node 20 the parser does not tell the text of a number.
  let isExact = true;
  const marked = json.replaceAll(TOKEN, (token) => {
    if (!/^-?\d+$/.test(token) || token === '-0' || String(Number(token)) === token) return token;
    isExact = false;
    return '1e999';
  });
  if (isExact) return;
  const place = placeOfInfinity(JSON.parse(marked));
  throw new MalformedBody(`${source} has an integer that cannot be stored exactly${place}.`);
}
