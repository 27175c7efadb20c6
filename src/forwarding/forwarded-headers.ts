import { type IncomingHttpHeaders } from 'node:http';
import { type Request } from 'express';
import { LINK_BASE } from '../http/links.js';

/**
 * On a forwarded request: the id of the conductor that it is sent to, which no client knows. Such a request is not
 * forwarded again.
 */
export const FORWARDED = 'ferrule-forwarded';
/** The same header of an answer of 421, by which it is not one of a driver. */
export const REFUSED = 'refused';

const OF_A_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Of the body as it was sent, or about the client, which was checked already. */
const OF_A_REQUEST: ReadonlySet<string> = new Set([
  'expect',
  'host',
  'content-length',
  'content-encoding',
  'origin',
  'forwarded',
]);

const OF_A_REQUEST_PREFIXES = ['sec-fetch-', 'x-forwarded-'] as const;

export type Headers = Record<string, string | string[]>;

/** The credentials of the client are among them. @param id of the conductor. @param base of the links of this process. */
export function requestHeaders(
  { headers, ip }: Pick<Request, 'headers' | 'ip'>,
  { id, base }: { readonly id: string; readonly base: string },
): Headers {
  const passedOn = Object.entries(headers).filter(
    ([name]) =>
      !OF_A_CONNECTION.has(name) &&
      !OF_A_REQUEST.has(name) &&
      !OF_A_REQUEST_PREFIXES.some((prefix) => name.startsWith(prefix)),
  );
  return {
    ...withValues(passedOn),
    [FORWARDED]: id,
    [LINK_BASE]: base,
    ...(ip === undefined ? {} : { 'x-forwarded-for': ip }),
  };
}

export function answerHeaders(headers: IncomingHttpHeaders): Headers {
  return withValues(Object.entries(headers).filter(([name]) => !OF_A_CONNECTION.has(name)));
}

function withValues(entries: readonly (readonly [string, string | string[] | undefined])[]): Headers {
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
