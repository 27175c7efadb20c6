import { createHash } from 'node:crypto';

const LENGTH = 22;

/** The `ETag` of a document that the text tells from all others of its URL. */
export function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, LENGTH)}"`;
}

/** @param ifNoneMatch the header: whether the client has the document already. */
export function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const known = ifNoneMatch.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}
