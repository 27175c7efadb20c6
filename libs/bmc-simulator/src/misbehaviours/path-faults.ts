import { type Aim, type Aimed } from './aim.js';

export interface NotReady extends Aim {
  readonly kind: '503-retry-after' | '503' | 'sys518' | 'ilo-invalid-state' | '409-in-post';
  /** Number of such answers before the BMC is ready. */
  readonly times: number;
  /** Seconds in `Retry-After`, or an HTTP date; default 1. */
  readonly retryAfter?: number | string;
}

/** Switches of redirects and of the forms of paths, and of a BMC that is not ready. */
export interface PathFaults {
  notReady?: NotReady | undefined;
  /** POSTs are redirected to the path with a slash, to another origin, or to themselves. */
  redirectOnPost?:
    (Aim & { readonly status: 301 | 302 | 307 | 308; readonly to: 'slash' | 'foreign' | 'loop' }) | undefined;
  /** Requests are redirected to another path. */
  redirect?: (Aim & { readonly status: 301 | 302 | 303 | 307 | 308; readonly to: string }) | undefined;
  /** The root is redirected to the path with a slash, or everything to the same host with `https`. */
  rootRedirect?: boolean | 'https' | undefined;
  /** Requests for the root get this status unless its path ends as said. */
  rootOnly?: { readonly slash: 'with' | 'without'; readonly otherwise: 401 | 404 } | undefined;
  /** Paths must (`'with'`) or must not (`'without'`) end in a slash, else 404. Links comply. */
  slashes?: 'with' | 'without' | undefined;
  /** Every `@odata.id` and Location is a whole URL: of this BMC, or of an address behind NAT. */
  absoluteLinks?: 'own' | 'foreign' | undefined;
  /** Every Location and action target lacks its leading slash: `redfish/v1/…`. */
  leadingSlashMissing?: boolean | undefined;
  /** Without `OData-Version: 4.0` the answers are HTML (iLO 4, telegraf#8093). */
  needsODataVersion?: boolean | undefined;
  /** 405 for PATCH. */
  patchNotAllowed?: Aimed | undefined;
  /** 406 for `Accept-Encoding: identity` (HPE Gen10 Plus). */
  identityRefused?: Aimed | undefined;
}
