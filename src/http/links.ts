import { type Request } from 'express';
import { header, hostOf } from './request.js';

/** A header of a forwarded request: the base of the links in its answer, which is that of the process that was asked. */
export const LINK_BASE = 'ferrule-link-base';

export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
}

export class Links {
  private readonly publicEndpoint: string | undefined;

  constructor(publicEndpoint: string | undefined) {
    this.publicEndpoint = publicEndpoint?.replace(/\/+$/, '');
  }

  /** Without a trailing slash. */
  base(request: Request): string {
    if (this.publicEndpoint !== undefined) return this.publicEndpoint;
    const asked = header(request, LINK_BASE);
    if (asked !== undefined) return asked;
    // The `Host` was accepted before; HTTP/1.0 requests may have none.
    return `${request.protocol}://${hostOf(request) ?? 'localhost'}`;
  }
}

/** @param path without the version and a leading slash. */
export function linkPair(base: string, path: string): Link[] {
  return [
    { href: `${base}/v1/${path}`, rel: 'self' },
    { href: `${base}/${path}`, rel: 'bookmark' },
  ];
}

/** @param path with the version, for example `/v1/nodes`. */
export function nextPage(
  base: string,
  path: string,
  parameters: Iterable<readonly [string, string]>,
  limit: number,
  marker: string,
): string {
  const all = [...parameters, ['limit', String(limit)], ['marker', marker]] as const;
  const query = all.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`);
  return `${base}${path}?${query.join('&')}`;
}
