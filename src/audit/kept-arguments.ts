import { type Maskable } from '../secrets/maskable.js';

/** In characters; longer arguments are left out. */
const LONGEST_ARGUMENTS = 16_384;

/** Measured before they are masked: one request with many secrets would otherwise block the process for seconds. */
export function keptArguments(given: Maskable | undefined): unknown {
  if (given === undefined) return undefined;
  const { length } = JSON.stringify(given.value);
  return length <= LONGEST_ARGUMENTS ? given.masked() : `(${length} characters of JSON, too many to keep)`;
}
