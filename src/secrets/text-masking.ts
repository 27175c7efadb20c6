import { MASK } from '@ferrule/driver-kit';
import { secretWord, type TextPart } from '@ferrule/driver-kit/plain';

/** `https://user:password@host`; without the scheme only at the beginning of a text. */
const USER_INFO = /((?:^|:\/\/)[^/\s:@]*:)[^/\s]+@/g;

/** The scheme of HTTP and its credentials, `user:password` in Base64. */
const BASIC = /\b(Basic\s{1,8})([\w+/-]{4,}={0,2})/gi;

const REST_OF_KEY = /\w*/y;
/** Between a key and its value, including the key's closing quote. */
const ASSIGNMENT = /(\\*["'])?\s{0,8}[=:]\s{0,8}/y;
const BLANKS = /[\w-]{0,32}\s{1,8}/y;
const BEGINNING_OF_OPTION = /(?<![\w-])-[\w-]{0,32}$/;
const BEGINNING_OF_TAG = /<[\w:-]{0,32}$/;
/** In characters; longer than any match of the two patterns above. */
const LOOK_BACK = 40;

const QUOTE = /(\\*)(["'])/y;
const BARE_VALUE = /(?:[^\s'"\\]|\\(?!["'\\]))+/y;
/** A list, number or word after a quoted key; objects are not included, since their members have keys. */
const JSON_VALUE = /\[[^\]]*|[^\s'"\\,}\][{]+/y;
/** In `Authorization: Basic dXNlcjpwYXNz` the secret is not the first word of the value. */
const AUTHORIZATION = /authorization$/i;
const REST_OF_LINE = /[^\r\n'"\\]+/y;
const ELEMENT_VALUE = /[^<]+/y;

/**
 * `password=…`, `"password": "…"`, `--password …`, `<password>…</password>`, `https://user:…@host`, `Basic …`, in
 * linear time.
 */
export function maskText(text: string): string {
  const masked = maskBasic(text.includes('@') ? text.replace(USER_INFO, `$1${MASK}@`) : text);
  const parts: string[] = [];
  let done = 0;
  let word = secretWord(masked);
  while (word) {
    const keyEnd = endOf(REST_OF_KEY, masked, word.end) ?? word.end;
    const secret = valueOf(masked, word, keyEnd);
    if (secret) {
      parts.push(masked.slice(done, secret.start), MASK);
      done = secret.end;
    }
    // Continues after the key or value: another word in the same key would find the same value.
    word = secretWord(masked, secret?.end ?? keyEnd);
  }
  return done === 0 ? masked : parts.join('') + masked.slice(done);
}

function maskBasic(text: string): string {
  return text.replace(BASIC, (whole, scheme: string, credentials: string) =>
    Buffer.from(credentials, 'base64').includes(':') ? scheme + MASK : whole,
  );
}

function valueOf(text: string, word: TextPart, keyEnd: number): TextPart | undefined {
  const assignment = matchAt(ASSIGNMENT, text, keyEnd);
  if (assignment) {
    const start = keyEnd + assignment[0].length;
    const isQuotedKey = assignment[1] !== undefined;
    return quotedValue(text, start) ?? bareValue(text, start, bareForm(text, word, keyEnd, isQuotedKey));
  }
  const before = text.slice(Math.max(0, word.start - LOOK_BACK), word.start);
  if (text[keyEnd] === '>' && BEGINNING_OF_TAG.test(before))
    return bareValue(text, keyEnd + 1, ELEMENT_VALUE);
  const value = endOf(BLANKS, text, word.end);
  if (value === undefined || !BEGINNING_OF_OPTION.test(before)) return undefined;
  return quotedValue(text, value) ?? bareValue(text, value, BARE_VALUE);
}

function bareForm(text: string, word: TextPart, keyEnd: number, isQuotedKey: boolean): RegExp {
  if (AUTHORIZATION.test(text.slice(word.start, keyEnd))) return REST_OF_LINE;
  return isQuotedKey ? JSON_VALUE : BARE_VALUE;
}

function bareValue(text: string, start: number, form: RegExp): TextPart | undefined {
  const end = endOf(form, text, start);
  return end === undefined ? undefined : { start, end };
}

/** Quotes are escaped in JSON inside JSON. Without a closing quote: the rest of the text. */
function quotedValue(text: string, at: number): TextPart | undefined {
  const opening = matchAt(QUOTE, text, at);
  if (!opening) return undefined;
  const [whole, { length: depth } = '', quote = ''] = opening;
  const start = at + whole.length;
  for (let end = text.indexOf(quote, start); end >= 0; end = text.indexOf(quote, end + 1)) {
    const escapes = backslashesBefore(text, start, end);
    // A closing quote has as many backslashes as the opening one, after pairs for backslashes in the value.
    // A quote with fewer closes an outer text.
    if (escapes < depth || escapes % (2 * (depth + 1)) === depth) {
      return { start, end: end - Math.min(escapes, depth) };
    }
  }
  return { start, end: text.length };
}

function backslashesBefore(text: string, start: number, end: number): number {
  let first = end;
  while (first > start && text[first - 1] === '\\') first -= 1;
  return end - first;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  const match = matchAt(pattern, text, at);
  return match ? at + match[0].length : undefined;
}
