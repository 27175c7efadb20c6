import { EXACT_DIGITS } from './exact-integers.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const U = 0x75;
const COMMA = 0x2c;

/** Numbers with at most this many digits and without an exponent are finite. */
const SAFE_DIGITS = 300;

export interface JsonTraits {
  readonly depth: number;
  /** Members and items of all objects and arrays; an empty one counts as one. */
  readonly values: number;
  /** False when no string can have a NUL or a lone surrogate and no number can be out of range. */
  readonly needsInspection: boolean;
  /** False when every integer is exact. */
  readonly hasLongNumber: boolean;
}

/** The text must be valid UTF-8, but not valid JSON. Scanning the parsed value would take a hundred times as long. */
export function traitsOf(text: Uint8Array): JsonTraits {
  let depth = 0;
  let deepest = 0;
  let values = 0;
  let digits = 0;
  let isInString = false;
  let needsInspection = false;
  let hasLongNumber = false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index] ?? 0;
    if (isInString) {
      if (byte === QUOTE) isInString = false;
      else if (byte === BACKSLASH) {
        index += 1;
        if (text[index] === U) needsInspection = true;
      }
    } else if (isDigit(byte)) {
      digits += 1;
      if (digits > EXACT_DIGITS) hasLongNumber = true;
      if (digits > SAFE_DIGITS) needsInspection = true;
    } else {
      if (digits > 0 && isExponent(byte)) needsInspection = true;
      digits = 0;
      if (byte === QUOTE) isInString = true;
      else if (byte === COMMA) values += 1;
      else if (isOpening(byte)) {
        values += 1;
        deepest = Math.max(deepest, (depth += 1));
      } else if (isClosing(byte)) depth -= 1;
    }
  }
  return { depth: deepest, values, needsInspection, hasLongNumber };
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isExponent(byte: number): boolean {
  return byte === 0x65 || byte === 0x45;
}

function isOpening(byte: number): boolean {
  return byte === 0x5b || byte === 0x7b;
}

function isClosing(byte: number): boolean {
  return byte === 0x5d || byte === 0x7d;
}
