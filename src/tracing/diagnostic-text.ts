import { inspect } from 'node:util';

/** In characters; a collector may answer with anything. */
const LONGEST = 1_000;
const INSPECTED = { depth: 3, breakLength: Infinity, maxStringLength: LONGEST };

/** @param said the arguments of a diagnostic of the SDK: a text, and sometimes what it is about. */
export function diagnosticText(said: readonly unknown[]): string {
  const text = said.map((part) => (typeof part === 'string' ? readable(part) : messageOf(part))).join(' ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** The SDK has the members of an error as JSON, with its stack. */
function readable(text: string): string {
  try {
    const error: unknown = JSON.parse(text);
    return typeof error === 'object' && error !== null ? messageOf(error, text) : text;
  } catch {
    return text;
  }
}

/** @param other if it has no message. */
function messageOf(part: unknown, other = inspect(part, INSPECTED)): string {
  const isNamed = typeof part === 'object' && part !== null && 'message' in part;
  return isNamed && typeof part.message === 'string' && part.message !== '' ? part.message : other;
}
