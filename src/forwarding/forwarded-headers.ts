import { type IncomingHttpHeaders } from 'node:http';
import { type Request } from 'express';

/** On a forwarded request: the name of the process that got it from the client. Such a request is not forwarded again. */
export const FORWARDED = 'ferrule-forwarded';
/** The same header of an answer of 421, by which it is not one of a driver. */
export const REFUSED = 'refused';

/** Of one connection, of the body as it was sent, or about the client, which was checked already. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
  'content-encoding',
  'origin',
  'forwarded',
]);

const NOT_PASSED_ON_PREFIXES = ['sec-fetch-', 'x-forwarded-'] as const;

export type Headers = Record<string, string | string[]>;

/** The credentials of the client are among them. @param hostname of this process. */
export function requestHeaders({ headers, ip }: Pick<Request, 'headers' | 'ip'>, hostname: string): Headers {
  const passedOn = Object.entries(headers).filter(
    ([name]) => !NOT_PASSED_ON.has(name) && !NOT_PASSED_ON_PREFIXES.some((prefix) => name.startsWith(prefix)),
  );
  return {
    ...withValues(passedOn),
    [FORWARDED]: hostname,
    ...(ip === undefined ? {} : { 'x-forwarded-for': ip }),
  };
}

/** @param base of links in answers, which a conductor makes with its own address. */
export function answerHeaders(headers: IncomingHttpHeaders, base: string): Headers {
  const { location } = headers;
  const path = location === undefined ? undefined : /\/v1\/.*$/.exec(location)?.[0];
  const passedOn = Object.entries(headers).filter(
    ([name]) => name === 'content-length' || name === 'content-encoding' || !NOT_PASSED_ON.has(name),
  );
  return { ...withValues(passedOn), ...(path === undefined ? {} : { location: `${base}${path}` }) };
}

function withValues(entries: readonly (readonly [string, string | string[] | undefined])[]): Headers {
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
