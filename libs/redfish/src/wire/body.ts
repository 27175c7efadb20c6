import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { isJsonObject, isJsonValue, type JsonValue } from '../json.js';

export type Body =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'html'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** `why` continues a sentence about the body: "is cut short". */
  | { readonly kind: 'unreadable'; readonly why: string };

const UTF8 = new TextDecoder();

/** Most objects that an error message before a resource may consist of. */
const MOST_STARTS = 32;

/**
 * Levels of nested JSON; resources have fewer than 20. Deeper values overflow the stack of functions that call
 * themselves.
 */
const MOST_LEVELS = 500;

const DECODERS: Readonly<
  Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Undoes a compression the BMC applied unasked; an unknown one is left as it is. */
export async function decompress(bytes: Buffer, encoding: string | undefined, cap: number): Promise<Buffer> {
  const decoder = DECODERS[encoding?.trim().toLowerCase() ?? ''];
  return decoder === undefined || bytes.length === 0 ? bytes : decoder(bytes, { maxOutputLength: cap });
}

/** Decompresses and reads a body of any kind; never rejects. */
export async function readCompressed(
  bytes: Buffer,
  { 'content-encoding': encoding, 'content-type': contentType }: Readonly<Record<string, string>>,
  cap: number,
): Promise<Body> {
  try {
    return readBody(await decompress(bytes, encoding, cap), contentType);
  } catch (error) {
    return { kind: 'unreadable', why: whyUnreadable(error, cap) };
  }
}

function whyUnreadable(error: unknown, cap: number): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ERR_BUFFER_TOO_LARGE') return `is larger than ${cap} bytes when it is decompressed`;
  return code === 'Z_BUF_ERROR' ? 'is compressed and cut short' : 'is not compressed as it says';
}

/**
 * Reads a body leniently: bytes that are not UTF-8 become U+FFFD; a byte order mark, NULs and blanks at the ends are
 * removed; raw control characters in strings are escaped; integers beyond 2^53 become strings; a whole resource after a
 * broken object is taken.
 */
export function readBody(bytes: Uint8Array, contentType: string | undefined): Body {
  const text = trimmed(UTF8.decode(bytes));
  if (text === '') return { kind: 'empty' };
  const value = parsed(text) ?? parsed(escapeControls(text)) ?? lastResource(text);
  if (value !== undefined) {
    return isTooDeep(value.json)
      ? { kind: 'unreadable', why: `is nested deeper than ${MOST_LEVELS} levels` }
      : { kind: 'json', value: value.json };
  }
  const isHtml = /html/i.test(contentType ?? '') || /^<(!doctype\s+html|html|head|body)/i.test(text);
  return { kind: isHtml ? 'html' : 'text', text };
}

/** Level by level, since a function that calls itself would overflow the stack. */
function isTooDeep(json: JsonValue): boolean {
  let level: JsonValue[] = [json];
  for (let depth = 0; depth <= MOST_LEVELS; depth += 1) {
    const next: JsonValue[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const item of Object.values(value)) if (typeof item === 'object' && item !== null) next.push(item);
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}

function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPadding(text.charCodeAt(start))) start += 1;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isPadding(code: number): boolean {
  return code <= 0x20 || code === 0xfeff;
}

function parsed(text: string): { json: JsonValue } | undefined {
  try {
    const json: unknown = JSON.parse(withLargeNumbersAsText(text));
    return isJsonValue(json) ? { json } : undefined;
  } catch {
    // Not logged or rethrown: the parser's message quotes the text, which may hold a secret.
    return undefined;
  }
}

/** Puts integers beyond 2^53 in quotes, since a number of JavaScript would not keep their digits. */
function withLargeNumbersAsText(text: string): string {
  if (!/\d{16}/.test(text)) return text;
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}

/** Some iDRACs send a malformed licence error and then the resource in one body. */
function lastResource(text: string): { json: JsonValue } | undefined {
  let start = text.indexOf('{', 1);
  for (let tries = 0; start > 0 && tries < MOST_STARTS; tries += 1) {
    const found = parsed(text.slice(start));
    if (found !== undefined && isJsonObject(found.json) && '@odata.id' in found.json) return found;
    start = text.indexOf('{', start + 1);
  }
  return undefined;
}

/** Escapes raw control characters in strings, which JSON forbids and firmware sends. */
export function escapeControls(text: string): string {
  let result = '';
  let from = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) inString = !inString;
    else if (code === 0x5c && inString && text.charCodeAt(at + 1) >= 0x20) at += 1;
    else if (code < 0x20 && inString) {
      result += `${text.slice(from, at)}\\u${code.toString(16).padStart(4, '0')}`;
      from = at + 1;
    }
  }
  return result + text.slice(from);
}
