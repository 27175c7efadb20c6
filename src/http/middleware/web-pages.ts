import { type Request, type RequestHandler } from 'express';
import { BadRequest, ForeignPage, HostNotAccepted } from '../errors.js';
import { type AcceptedHosts } from './hosts.js';
import { header, hostOf, pathOf } from '../request.js';

/**
 * Other sites may link to the start page, the documentation and the console, which have no data and do nothing by
 * themselves.
 */
const ENTRANCES: readonly string[] = ['/', '/docs', '/docs/', '/console', '/console/'];

/** `Sec-Fetch-Site`; `none` is the address bar or a bookmark. */
const OWN_SITES: readonly (string | undefined)[] = [undefined, 'same-origin', 'none'];

/**
 * Browsers state the page that causes a request in `Origin` and `Sec-Fetch-Site`; other clients send neither. Another
 * port of the same host is another site.
 */
export function webPages(hosts: AcceptedHosts): RequestHandler {
  return (request, _response, next) => {
    const { origin } = request.headers;
    const host = hostOf(request);
    if (host !== undefined) {
      if (hasTwoHosts(request.rawHeaders)) throw new BadRequest('The request has more than one Host header.');
      if (!hosts.accepts(host, request.socket.localAddress)) throw new HostNotAccepted(host);
    }
    const target = hostInTarget(request.originalUrl);
    if (target !== undefined && !hosts.accepts(target, request.socket.localAddress)) {
      throw new HostNotAccepted(target);
    }
    if (host === undefined && request.httpVersionMinor > 0) {
      throw new BadRequest('The request has no Host header.');
    }
    if (origin !== undefined && !hosts.isOwnOrigin(origin, `${request.protocol}://${host ?? ''}`))
      throw new ForeignPage(origin);
    if (!OWN_SITES.includes(header(request, 'sec-fetch-site')) && !isFollowedLink(request)) {
      throw new ForeignPage('another site');
    }
    next();
  };
}

/** Of `GET http://host/path`, as a proxy is asked. */
function hostInTarget(target: string): string | undefined {
  return target.startsWith('/') ? undefined : /^[a-z]+:\/\/([^/?#]*)/i.exec(target)?.[1];
}

/** `headers` has only the first `Host`. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count > 1;
}

/** The linking page cannot read the answer. */
function isFollowedLink(request: Request): boolean {
  return (
    request.method === 'GET' &&
    header(request, 'sec-fetch-mode') === 'navigate' &&
    header(request, 'sec-fetch-dest') === 'document' &&
    ENTRANCES.includes(pathOf(request.url))
  );
}
