import { type ExtendedMessage } from '../extended-info.js';
import { isJsonObject, type JsonValue } from '../json.js';

const SECRET_KEYS =
  /passw|passphrase|secret|token|authorization|credential|httpheaders|privatekey|apikey|community/i;
const MASK = '***';
/** Longer than the names of authentication schemes. */
const LONG = 7;

/** Every string of a payload below a key that names a secret. */
export function secretsIn(value: JsonValue | undefined, isSecret = false): string[] {
  if (typeof value === 'string') return isSecret ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, isSecret));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => secretsIn(item, isSecret || SECRET_KEYS.test(key)));
}

/** Masks secrets in a BMC's messages, which often quote the value they refuse. */
export class Scrubber {
  readonly #secrets: readonly string[];
  /** Made when first needed: most answers hold no messages. */
  #forms: readonly string[] | undefined;

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  text(text: string): string {
    this.#forms ??= formsOf(this.#secrets);
    return this.#forms.reduce((clean, form) => clean.replaceAll(form, MASK), text);
  }

  message(message: ExtendedMessage): ExtendedMessage {
    return { ...message, text: this.text(message.text), args: message.args.map((arg) => this.text(arg)) };
  }
}

function escaped(secret: string): string {
  // A lone surrogate cannot be escaped, nor sent by a BMC that quotes in UTF-8.
  return /\p{Surrogate}/u.test(secret) ? secret : encodeURIComponent(secret);
}

/** The forms in which a BMC may quote secrets, the longest first. */
function formsOf(secrets: readonly string[]): string[] {
  // Of "Bearer abcdef" the last word is the secret, and may come back alone.
  const words = secrets.flatMap((secret) => secret.split(/\s+/).filter((word) => word.length > LONG));
  const forms = [...secrets, ...words]
    // One or two characters are part of too many words for masking them to hide anything.
    .filter((secret) => secret.length > 2)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), escaped(secret)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
