export type EtagBehaviour =
  | 'weak'
  | 'weak-refused'
  | 'doubly-quoted'
  | 'body-only'
  | 'header-only'
  | 'refuses-any'
  /** Accepts an ETag only without quotes. */
  | 'bare'
  /** The header lists several, of which the first is the right one. */
  | 'several'
  /** That of the header is wrong, that of the body right. */
  | 'body-differs'
  /** Accepts only `*`. */
  | 'any-only'
  | 'requires'
  | 'none';

/** Switches of ETags. */
export interface EtagFaults {
  etag?: EtagBehaviour | undefined;
  /** This many PATCHes with the right ETag get 412, as if the resource had just changed. */
  etagChanges?: number | undefined;
  /** A POST with If-Match gets 412 (iDRAC 10). */
  ifMatchRefusedOnPost?: boolean | undefined;
}
