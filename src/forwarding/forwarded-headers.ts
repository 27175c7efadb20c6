import { type IncomingHttpHeaders } from 'node:http';
import { type Request } from 'express';

/** On a forwarded request: the id of the conductor that it is sent to, which no client knows. Such a request is not forwarded again. */
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

/** The credentials of the client are among them. @param id of the conductor. */
export function requestHeaders({ headers, ip }: Pick<Request, 'headers' | 'ip'>, id: string): Headers {
  const passedOn = Object.entries(headers).filter(
    ([name]) =>
      !OF_A_CONNECTION.has(name) &&
      !OF_A_REQUEST.has(name) &&
      !OF_A_REQUEST_PREFIXES.some((prefix) => name.startsWith(prefix)),
  );
  return {
    ...withValues(passedOn),
    [FORWARDED]: id,
    ...(ip === undefined ? {} : { 'x-forwarded-for': ip }),
  };
}

/** @param base of links in answers, which a conductor makes with its own address. */
export function answerHeaders(headers: IncomingHttpHeaders, base: string): Headers {
  const { location } = headers;
  const path = location === undefined ? undefined : /\/v1\/.*$/.exec(location)?.[0];
  const passedOn = Object.entries(headers).filter(([name]) => !OF_A_CONNECTION.has(name));
  return { ...withValues(passedOn), ...(path === undefined ? {} : { location: `${base}${path}` }) };
}

function withValues(entries: readonly (readonly [string, string | string[] | undefined])[]): Headers {
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
