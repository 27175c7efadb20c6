import { type ExtendedMessage } from '../extended-info.js';
import { isJsonObject, type JsonValue } from '../json.js';

const SECRET_KEYS =
  /passw|passphrase|new_?pass|pswd|secret|token|authorization|credential|httpheaders|community|(private|privacy|api|encryption|authentication|ipmi|ssh|license)_?key/i;
const MASK = '***';
/** Words must be longer than this, and so than the names of authentication schemes, to be masked alone. */
const LONG = 7;

export function secretsIn(value: JsonValue | undefined, isSecret = false): string[] {
  if (typeof value === 'string') return isSecret ? [value] : [...keysIn(value), ...accessIn(value)];
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, isSecret));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => secretsIn(item, isSecret || SECRET_KEYS.test(key)));
}

/** The lines of private keys in PEM, which a certificate may be sent with. */
function keysIn(text: string): string[] {
  if (!text.includes('PRIVATE KEY-----')) return [];
  const keys = [...text.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]*)-----END/g)];
  return keys.flatMap(([, body = '']) => body.split(/\s+/).filter((line) => line !== ''));
}

/** The userinfo and the query of a URL, which may give access to what is there. */
function accessIn(text: string): string[] {
  const [, user = '', query = ''] =
    /^[a-z][a-z0-9+.-]*:\/\/(?:([^/?#]*)@)?[^?#]*\??([^#]*)/is.exec(text) ?? [];
  return [user, ...user.split(':').slice(1), query].filter((part) => part !== '');
}

export class Scrubber {
  readonly #secrets: readonly string[];
  /** Computed on first use, because most answers contain no messages. */
  #forms: readonly string[] | undefined;

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  text(text: string): string {
    this.#forms ??= formsOf(this.#secrets);
    return this.#forms.reduce((clean, form) => clean.replaceAll(form, MASK), text);
  }

  /** A body with masked texts; names of members are kept. */
  json<T extends JsonValue | undefined>(value: T): JsonValue | T {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.json(item)]));
  }

  message(message: ExtendedMessage): ExtendedMessage {
    const resolution = this.text(message.resolution);
    return {
      ...message,
      text: this.text(message.text),
      resolution,
      args: message.args.map((arg) => this.text(arg)),
    };
  }
}

function escaped(secret: string): string {
  // encodeURIComponent throws on a lone surrogate, which no BMC can quote in UTF-8.
  return /\p{Surrogate}/u.test(secret) ? secret : encodeURIComponent(secret);
}

function formsOf(secrets: readonly string[]): string[] {
  // The last word of "Bearer abcdef" is the secret, and a BMC may quote it alone.
  const words = secrets.flatMap((secret) => secret.split(/\s+/).filter((word) => word.length > LONG));
  const forms = [...secrets, ...words]
    // One or two characters occur in too many words; masking them would make messages unreadable.
    .filter((secret) => secret.length > 2)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), escaped(secret)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
