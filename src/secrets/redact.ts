import { isJsonObject, isSecretKey, MASK, type TaskNode } from '@ferrule/driver-kit';
import { maskText } from './text-masking.js';

/** In characters: shorter secrets would mask ordinary words. */
const SHORTEST_SECRET = 4;
/** Of values that only may be secret, because their argument is: a BIOS attribute `BootMode` has the value `Bios`. */
const SHORTEST_POSSIBLE = 8;

/** In characters; with a longer pattern each text would take long. */
const LONGEST_PATTERN = 16_384;
const WORD = /^[a-z]+$/i;

export type Redact = (text: string) => string;

/** Secret values of the node and the arguments. @param secretArguments names with `writeOnly` in their schema. */
export function secretsOf(
  node: TaskNode | null,
  secretArguments: readonly string[],
  args: Readonly<Record<string, unknown>>,
): string[] {
  const own = node ? [node.driverInfo, node.driverInternalInfo, node.instanceInfo] : [];
  const marked = Object.entries(args).filter(([key]) => secretArguments.includes(key));
  return [
    ...[...own, args].flatMap((value) => secretsIn(value)),
    ...marked.flatMap(([, value]) =>
      secretsIn(value, isJsonObject(value) ? SHORTEST_POSSIBLE : SHORTEST_SECRET),
    ),
  ];
}

/** The texts in the value of a secret setting of a package. */
export function secretsOfSetting(value: unknown): string[] {
  return secretsIn(value, SHORTEST_SECRET);
}

let ofSettings: readonly string[] = [];
let maskOfSettings: Redact = maskText;

/** From now on every redactor masks these, too. @param secrets of the settings of all enabled packages */
export function maskSettings(secrets: readonly string[]): void {
  ofSettings = secrets;
  maskOfSettings = secrets.length === 0 ? maskText : redactor(() => []);
}

/** Outside a call: masks secret settings, and what is spelled out as a secret. */
export function redactSettings(text: string): string {
  return maskOfSettings(text);
}

/** `secrets` is called lazily, since most calls have no text to redact. */
export function redactor(secrets: () => readonly string[]): Redact {
  let replaced: Redact | undefined;
  return (text) => {
    replaced ??= replacement(formsOf([...ofSettings, ...secrets()]));
    return maskText(replaced(text));
  };
}

/** In any case, except plain words, which may be part of a message, and all if they are too long for one pattern. */
function replacement(forms: readonly string[]): Redact {
  const isLong = forms.reduce((length, form) => length + form.length, 0) > LONGEST_PATTERN;
  const exact = isLong ? forms : forms.filter((form) => WORD.test(form));
  const others = isLong ? [] : forms.filter((form) => !WORD.test(form));
  const source = others.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('|');
  const pattern = source === '' ? undefined : new RegExp(source, 'gi');
  const occurring = finder(exact);
  return (text) => {
    const rest = pattern ? text.replace(pattern, MASK) : text;
    return occurring(rest).reduce((shown, form) => shown.replaceAll(form, MASK), rest);
  };
}

/** Finds the forms in a text. A short one is looked at part by part, since there may be thousands of forms and of texts. */
function finder(forms: readonly string[]): (text: string) => readonly string[] {
  const all = new Set(forms);
  const lengths = [...new Set(forms.map(({ length }) => length))];
  return (text) => {
    const fitting = lengths.filter((length) => length <= text.length);
    if (fitting.length * text.length >= forms.length) return forms;
    const found = new Set<string>();
    for (const length of fitting) {
      for (let start = 0; start + length <= text.length; start++) {
        const part = text.slice(start, start + length);
        if (all.has(part)) found.add(part);
      }
    }
    return [...found];
  };
}

/** @param shortest the length from which a value is taken for a secret; those under the name of one always are */
function secretsIn(value: unknown, shortest = Infinity): string[] {
  if (typeof value === 'string' || typeof value === 'number') {
    return String(value).length >= shortest ? [String(value)] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, shortest));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    secretsIn(member, isSecretKey(key) ? SHORTEST_SECRET : shortest),
  );
}

/**
 * Secrets as plain text, in JSON, in JSON inside JSON, in URLs, in XML and in Base64. Longest first, since one may
 * contain another.
 */
function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => [
    secret,
    inJson(secret),
    inJson(inJson(secret)),
    encodeURIComponent(secret.toWellFormed()),
    encodeURI(secret.toWellFormed()),
    ...xmlOf(secret),
    ...base64Of(secret),
  ]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Encoders escape different characters; elements need the first two, attributes also quotes. */
function xmlOf(secret: string): string[] {
  const element = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const text = element.replaceAll('>', '&gt;');
  const attribute = text.replaceAll('"', '&quot;');
  const apostrophes = ['&apos;', '&#39;', '&#x27;'].map((entity) => attribute.replaceAll("'", entity));
  return [element, text, attribute, ...apostrophes];
}

/** Without the padding, which not every encoder writes. */
function base64Of(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
}
