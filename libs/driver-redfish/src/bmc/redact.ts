import { isSecretKey, MASK } from '@ferrule/driver-kit';
import { isJsonObject, type JsonObject, type JsonValue } from '@ferrule/redfish';

/**
 * Resources have members about their secrets, such as `PasswordExpiration` and `MinPasswordLength`. Only here are they
 * shown: a node's view hides keys like these, as Ironic does.
 */
const ABOUT_SECRET =
  /(?:expir\w*|length|required|age|policy|changed?|lastset|type|(?<!community_?)name|count)$|@/i;
const USERINFO = /\/\/[^/?#@\s]*@/g;

export function redacted(body: JsonObject, secrets?: readonly string[]): JsonObject;
export function redacted(body: JsonValue, secrets?: readonly string[]): JsonValue;
export function redacted(body: JsonValue, secrets: readonly string[] = []): JsonValue {
  return valueOf(body, false, longOf(secrets));
}

export function redactedText(text: string, secrets: readonly string[]): string {
  return textOf(text, longOf(secrets));
}

function longOf(secrets: readonly string[]): string[] {
  return secrets.filter((secret) => secret.length >= SHORTEST);
}

/** Shorter secrets may be ordinary words such as `root`, which must not be masked everywhere. */
const SHORTEST = 8;

function objectOf(object: JsonObject, isSecret: boolean, secrets: readonly string[]): JsonObject {
  const entries = Object.entries(object).map(([key, value]): [string, JsonValue] => {
    const isOwnSecret = isSecretKey(key) && !ABOUT_SECRET.test(key);
    return [key, valueOf(value, (isSecret || isOwnSecret) && key !== '@odata.id', secrets)];
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
