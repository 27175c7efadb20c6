import { type Request } from 'express';

export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
}

/** Where clients reach this service, for the links in answers. */
export class Links {
  private readonly publicEndpoint: string | undefined;

  constructor(publicEndpoint: string | undefined) {
    this.publicEndpoint = publicEndpoint?.replace(/\/+$/, '');
  }

  /** The public endpoint, or the address that the request was sent to; no slash at the end. */
  base(request: Request): string {
    if (this.publicEndpoint !== undefined) return this.publicEndpoint;
    // Only a `Host` that is accepted gets here; HTTP/1.0 may have none.
    return `${request.protocol}://${request.headers.host ?? 'localhost'}`;
  }
}

/** The two links of a resource. @param path below the version, without a slash in front. */
export function linkPair(base: string, path: string): Link[] {
  return [
    { href: `${base}/v1/${path}`, rel: 'self' },
    { href: `${base}/${path}`, rel: 'bookmark' },
  ];
}

/**
 * The link to the next page: the parameters of this one in their order, then the limit and the marker.
 * @param path with the version, for example `/v1/nodes`.
 */
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
