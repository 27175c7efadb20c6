import { type FerruleError, isJsonObject, type TaskNode } from '@ferrule/driver-kit';
import { maskValue } from './masking.js';
import { isSecretKey, MASK } from './secret-keys.js';
import { maskText } from './text-masking.js';

/** Shorter ones would blot out ordinary words. */
const SHORTEST_SECRET = 4;
/** It has no form in a URL. */
const LONE_SURROGATE = /\p{Surrogate}/u;
/** Errors in the chain of causes that are looked at. */
const MAXIMUM_CAUSES = 8;

/** Takes the secrets of one call out of a text that leaves the service. */
export type Redact = (text: string) => string;

/**
 * The secrets that a call has to do with: what the node keeps under secret keys, and the arguments that have
 * such a name or that their schema calls `writeOnly`.
 */
export function secretsOf(
  node: TaskNode | null,
  secretArguments: readonly string[],
  args: Readonly<Record<string, unknown>>,
): string[] {
  const own = node ? [node.driverInfo, node.driverInternalInfo, node.instanceInfo] : [];
  const marked = Object.entries(args).filter(([key]) => secretArguments.includes(key));
  return [
    ...[...own, args].flatMap((value) => secretsIn(value, false)),
    ...marked.flatMap(([, value]) => secretsIn(value, true)),
  ];
}

/** @param secrets gathered when the first text comes, which for most calls is never. */
export function redactor(secrets: () => readonly string[]): Redact {
  let forms: readonly string[] | undefined;
  return (text) => {
    forms ??= formsOf(secrets());
    return maskText(forms.reduce((rest, form) => rest.replaceAll(form, MASK), text));
  };
}

/** A JSON value, a progress report for example, without what stands under secret keys and without the secrets of a call. */
export function redactValue(value: unknown, redact: Redact): unknown {
  return maskValue(value, redact);
}

/** Takes the secrets out of all that an error shows to callers and in the log. Returns the same error. */
export function redactError<E extends FerruleError>(error: E, redact: Redact): E {
  let at: unknown = error;
  for (let depth = 0; at instanceof Error && depth < MAXIMUM_CAUSES; depth += 1, at = at.cause) {
    replace(at, 'message', redact(at.message));
    if (at.stack !== undefined) replace(at, 'stack', redact(at.stack));
  }
  replace(error, 'details', redactValue(error.details, redact));
  replace(error, 'headers', redactValue(error.headers, redact));
  return error;
}

/** As a property of its own, since errors may compute these members. */
function replace(error: Error, key: string, value: unknown): void {
  if (Reflect.get(error, key) === value) return;
  Reflect.defineProperty(error, key, { value, enumerable: false, configurable: true, writable: true });
}

function secretsIn(value: unknown, isSecret: boolean): string[] {
  if (typeof value === 'string' || typeof value === 'number') {
    return isSecret && String(value).length >= SHORTEST_SECRET ? [String(value)] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, isSecret));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => secretsIn(member, isSecret || isSecretKey(key)));
}

/** Secrets as texts quote them: in JSON and in URLs, too. The longest first, since one may be part of another. */
function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    LONE_SURROGATE.test(secret) ? secret : encodeURIComponent(secret),
  ]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
