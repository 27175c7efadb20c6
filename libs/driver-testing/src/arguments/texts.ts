import fc from 'fast-check';
import { type JsonSchema } from './json-schema.js';

/** Longer texts make calls slow and show nothing more. */
const LONGEST = 64;

const HOST = fc.stringMatching(/^[a-z][a-z0-9]{0,9}\.example$/);

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uri: fc.tuple(HOST, fc.stringMatching(/^[a-z0-9]{0,8}$/)).map(([host, path]) => `https://${host}/${path}`),
  email: fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/), HOST).map(([name, host]) => `${name}@${host}`),
  hostname: HOST,
  uuid: fc.uuid({ version: 4 }),
  ipv4: fc.ipV4(),
  ipv6: fc.ipV6(),
  cidrv4: fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, bits]) => `${ip}/${bits}`),
  'date-time': moments().map((date) => date.toISOString()),
  date: moments().map((date) => date.toISOString().slice(0, 10)),
  time: moments().map((date) => date.toISOString().slice(11, 19)),
  duration: fc.integer({ min: 1, max: 59 }).map((count) => `PT${count}M`),
  base64: fc.base64String({ maxLength: LONGEST }),
};

/** Texts that a string schema allows. */
export function textOf(schema: JsonSchema): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = Infinity, pattern, format = '' } = schema;
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  const ofFormat = FORMATS[format];
  if (ofFormat) return ofFormat.filter((text) => fits(text) && matches(text, pattern));
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u')).filter(fits);
  const most = Math.max(minLength, Math.min(maxLength, LONGEST));
  const options = { minLength, maxLength: most };
  // A grapheme may be several characters of a length.
  return fc.oneof(fc.string(options), fc.string({ ...options, unit: 'grapheme' }).filter(fits));
}

function matches(text: string, pattern: string | undefined): boolean {
  return pattern === undefined || new RegExp(pattern, 'u').test(text);
}

function moments(): fc.Arbitrary<Date> {
  return fc.date({
    min: new Date('2000-01-01T00:00:00Z'),
    max: new Date('2099-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
}
