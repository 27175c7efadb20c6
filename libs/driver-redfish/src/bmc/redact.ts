import { isJsonObject, type JsonObject, type JsonValue } from '@ferrule/redfish';

const MASK = '******';
/** Keys of secrets in Redfish and in vendors' attributes (`Users.2.SHA256Password`). */
const SECRET_KEY =
  /passw|passphrase|secret|token|credential|authorization|httpheaders|community|(?:private|encryption|authentication|ipmi|api|ssh|license)_?key(?:string)?$/i;
/** Keys that only resemble those of secrets: `PasswordExpiration`, `MinPasswordLength`. */
const ABOUT_SECRET = /(?:expir\w*|length|required|age|policy|changed?|lastset|type|name|count)$|@/i;
const USERINFO = /\/\/[^/?#@\s]*@/g;

/** Masks texts under a secret's key, userinfo, and `secrets` in a body. */
export function redacted(body: JsonObject, secrets: readonly string[] = []): JsonObject {
  const hidden = secrets.filter((secret) => secret.length >= SHORTEST);
  return objectOf(body, false, hidden);
}

/** Shorter secrets may be ordinary words such as `root`, which must not be masked everywhere. */
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
