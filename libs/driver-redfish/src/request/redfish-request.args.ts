import { z } from 'zod';
import { flag } from '../flag.args.js';

const LONGEST_BODY = 256 * 1024;

const Path = z
  .string()
  .min(1, 'it is empty')
  .max(2000)
  .refine(isPlainPath, 'it is not a path below the service root, as in links of the BMC')
  .describe('The path of the resource, from /redfish/v1/ on or relative to that; a query is kept.');

export const RedfishGetArgs = z.strictObject({ path: Path });
export type RedfishGetArgs = z.output<typeof RedfishGetArgs>;

/** Strict, because a misspelt argument would send another request than was meant. */
export const RedfishRequestArgs = z.strictObject({
  verb: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE'], 'it may be GET, POST, PATCH, PUT or DELETE'))
    .default('GET')
    .describe('What to send: GET, POST, PATCH, PUT or DELETE.'),
  path: Path,
  body: z
    .record(z.string(), z.json())
    .refine((body) => JSON.stringify(body).length <= LONGEST_BODY, `it is longer than ${LONGEST_BODY} bytes`)
    .optional()
    // The body may set a password, so no part of it is shown in jobs, logs and errors.
    .meta({ writeOnly: true })
    .describe('The JSON object to send with POST, PATCH or PUT.'),
  wait: flag(true).describe('Whether to wait for the task of a 202 and return the answer at its end.'),
});

export type RedfishRequestArgs = z.output<typeof RedfishRequestArgs>;

/** Refuses `..` and escapes that a BMC may decode to another path than the allow-list checked. */
export function isPlainPath(path: string): boolean {
  const [place = '', ...query] = path.split('?');
  const segments = place.split('/');
  return (
    !/[\\#\s\p{Cc}\p{Surrogate}]/u.test(path) &&
    !/^[a-z][a-z0-9+.-]*:/i.test(place) &&
    !place.includes('//') &&
    !segments.includes('.') &&
    !segments.includes('..') &&
    !/%(?:2e|2f|5c|25|00)/i.test(place) &&
    query.length <= 1
  );
}
