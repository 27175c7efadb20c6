import { readFileSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import { LONGEST_TIMER, milliseconds } from '@ferrule/driver-kit/plain';
import { z } from 'zod';

/** Parsers for the texts of environment variables. Messages complete "KEY: …". */

export const text = z.string();

export const path = z.string().transform((value) => resolve(value));

export const packageFolder = path.refine((folder) => {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null;
  } catch {
    return false;
  }
}, 'must be a folder with a package.json');

export function integer(min: number, max: number) {
  return z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));
}

export const truth = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((value) => value === 'true');

/** Seconds as a number, or a number with a unit: `90`, `0.5`, `250ms`, `30s`, `5m`, `2h`, `7d`. */
export const anyDuration = z.string().transform((value, context) => {
  try {
    return milliseconds(/\d$/.test(value) ? `${value}s` : value) / 1_000;
  } catch {
    context.addIssue('must be a number of seconds, or a number with one of the units ms, s, m, h, d');
    return z.NEVER;
  }
});

/** One that a timer can wait for. */
export const duration = anyDuration.pipe(z.number().max(LONGEST_TIMER / 1_000, 'must be at most 24 days'));

export const positiveDuration = duration.pipe(z.number().positive('must be longer than 0'));

export function durationFrom(seconds: number) {
  return duration.pipe(z.number().min(seconds, `must be at least ${seconds} s`));
}

export function items(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

export const list = z.string().transform((value): readonly string[] => unique(value));

export const networks = z.string().transform((value, context): readonly string[] => {
  const wrong = unique(value).filter((item) => !isNetwork(item));
  if (wrong.length === 0) return unique(value);
  context.addIssue(`must be networks such as 10.0.0.0/8 or fd00::/8, not ${quoted(wrong)}`);
  return z.NEVER;
});

export const hosts = z.string().transform((value, context): readonly string[] => {
  const wrong = unique(value).filter((item) => !isIPv6(item) && !/^([\w.-]+|\[[\da-f:.]+\])$/i.test(item));
  if (wrong.length === 0) return unique(value);
  context.addIssue(`must be names or addresses without ports, not ${quoted(wrong)}`);
  return z.NEVER;
});

const KEY_BYTES = 32;

/** AES-256 keys in Base64. */
export const keys = z.string().transform((value, context): readonly Buffer[] => {
  const all = items(value).map((item) => Buffer.from(item, 'base64'));
  const areRight = items(value).every((item, index) => all[index]?.toString('base64') === item);
  if (areRight && all.length > 0 && all.every(({ length }) => length === KEY_BYTES)) return all;
  context.addIssue(
    'must be 32 random bytes in Base64, or a comma list of such keys; `openssl rand -base64 32` makes one',
  );
  return z.NEVER;
});

function quoted(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(', ');
}

function unique(value: string): readonly string[] {
  return Object.freeze([...new Set(items(value))]);
}

function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const width = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && bits !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= width;
}

/** Removes a trailing slash. */
export function url(...schemes: string[]) {
  const schemeList = schemes.map((scheme) => `${scheme}://`).join(' or ');
  return z
    .string()
    .refine(
      (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)),
      `must be a URL that starts with ${schemeList}`,
    )
    .transform((value) => value.replace(/\/+$/, ''));
}

/** An origin, or an address that needs a scheme and a port. */
export const originOrAddress = z
  .string()
  .transform((value) => value.replace(/\/$/, ''))
  .refine(
    (value) => isIP(value) !== 0 || isOrigin(value),
    'must be an IP address, or a URL with http or https, a host and a port, and nothing else',
  );

function isOrigin(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, origin } = new URL(value);
  return ['http:', 'https:'].includes(protocol) && origin === value;
}

/** `?options=` is refused: it would replace session settings that the service relies on, such as the search path. */
export const databaseUrl = url('postgres', 'postgresql').refine(
  (value) => !new URL(value).searchParams.has('options'),
  'must not have the parameter "options"',
);

export const hostName = z.string().max(255, 'must have at most 255 characters');

export const conductorGroup = z
  .string()
  .max(255, 'must have at most 255 characters')
  .regex(/^[\w.-]*$/, 'must consist of letters, digits and the characters . _ -')
  .transform((value) => value.toLowerCase());
