import { type Request, type RequestHandler } from 'express';
import { BadRequest, ForeignPage, HostNotAccepted } from '../errors.js';
import { type AcceptedHosts } from '../hosts.js';
import { header, pathOf } from '../request.js';

/** Where a link on another site may lead. */
const ENTRANCES: readonly string[] = ['/', '/docs', '/docs/'];

/** What browsers say of a request that no other site caused; `none` is the address bar or a bookmark. */
const OWN_SITES: readonly (string | undefined)[] = [undefined, 'same-origin', 'none'];

/**
 * Keeps the pages of other sites from calling this service through a browser that can reach it. Browsers
 * always send `Host`, and tell with `Origin` and `Sec-Fetch-Site` where a request comes from; other clients
 * send neither of the two. A page of another port of the same host counts as another site.
 */
export function webPages(hosts: AcceptedHosts): RequestHandler {
  return (request, _response, next) => {
    const { host, origin } = request.headers;
    if (host !== undefined) {
      if (hasTwoHosts(request.rawHeaders)) throw new BadRequest('The request has more than one Host header.');
      if (!hosts.accepts(host, request.socket.localAddress)) throw new HostNotAccepted(host);
    }
    if (origin !== undefined && !hosts.isOwnOrigin(origin, host ?? '')) throw new ForeignPage(origin);
    if (!OWN_SITES.includes(header(request, 'sec-fetch-site')) && !isFollowedLink(request)) {
      throw new ForeignPage('another site');
    }
    next();
  };
}

/** Node keeps only the first in `headers`. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count > 1;
}

/** A link that somebody followed to the documentation: it fills a tab, and the other page sees nothing of it. */
function isFollowedLink(request: Request): boolean {
  return (
    request.method === 'GET' &&
    header(request, 'sec-fetch-mode') === 'navigate' &&
    header(request, 'sec-fetch-dest') === 'document' &&
    ENTRANCES.includes(pathOf(request.url))
  );
}
