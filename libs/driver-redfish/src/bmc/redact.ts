import { isJsonObject, type JsonObject, type JsonValue } from '@ferrule/redfish';

const MASK = '******';
/** Keys whose texts are secrets: Redfish's, and those of the vendors' attributes (`Users.2.SHA256Password`). */
const SECRET_KEY =
  /passw|passphrase|secret|token|credential|authorization|httpheaders|community|(?:private|encryption|authentication|ipmi|api|ssh|license)_?key(?:string)?$/i;
/** Numbers and dates beside a password are none: `PasswordExpiration`, `MinPasswordLength`. */
const ABOUT_SECRET = /(?:expir\w*|length|required|age|policy|changed?|lastset|type|name|count)$|@/i;
const USERINFO = /\/\/[^/?#@\s]*@/g;

/** A body as it may leave the service: texts under a secret's key, userinfo and `secrets` masked. */
export function redacted(body: JsonObject, secrets: readonly string[] = []): JsonObject {
  const hidden = secrets.filter((secret) => secret.length >= SHORTEST);
  return objectOf(body, false, hidden);
}

/** A shorter secret is a word like `root`, and masking it everywhere would hide nothing and spoil much. */
const SHORTEST = 8;

function objectOf(object: JsonObject, isSecret: boolean, secrets: readonly string[]): JsonObject {
  const entries = Object.entries(object).map(([key, value]): [string, JsonValue] => {
    const isKeySecret = SECRET_KEY.test(key) && !ABOUT_SECRET.test(key);
    return [key, valueOf(value, (isSecret || isKeySecret) && key !== '@odata.id', secrets)];
  });
  return Object.fromEntries(entries);
}

function valueOf(value: JsonValue, isSecret: boolean, secrets: readonly string[]): JsonValue {
  if (typeof value === 'string') return isSecret ? value && MASK : textOf(value, secrets);
  if (Array.isArray(value)) return value.map((item) => valueOf(item, isSecret, secrets));
  return isJsonObject(value) ? objectOf(value, isSecret, secrets) : value;
}

function textOf(text: string, secrets: readonly string[]): string {
  const bare = text.includes('@') ? text.replace(USERINFO, `//${MASK}@`) : text;
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), bare);
}
