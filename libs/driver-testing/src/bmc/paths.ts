import { randomBytes, randomUUID } from 'node:crypto';
import { type ResourceTree } from './tree.js';
import { type IdStyle } from './vendor-rules.js';

/** Another authority than the BMC's, reachable by nobody: TEST-NET-1, RFC 5737. */
export const FOREIGN_ORIGIN = 'https://192.0.2.17';

/** A path without query, trailing slashes and URL-escapes: the form in which paths are compared. */
export function normalisePath(path: string): string {
  const bare = path.split(/[?#]/, 1)[0] ?? '';
  const trimmed = bare.replace(/\/+$/, '');
  try {
    return decodeURIComponent(trimmed);
  } catch {
    return trimmed;
  }
}

/** An id in the vendor's style that no member of the collection has. */
export function freshMember(
  tree: ResourceTree,
  collection: string,
  style: IdStyle,
): { id: string; path: string } {
  const base = collection.replace(/\/$/, '');
  const taken = new Set(tree.members(collection).map(normalisePath));
  for (let serial = 1; ; serial += 1) {
    const id = newId(style, serial);
    const path = `${base}/${id}`;
    if (!taken.has(normalisePath(path))) {
      return { id, path };
    }
  }
}

function newId(style: IdStyle, serial: number): string {
  switch (style) {
    case 'number':
      return String(serial);
    case 'uuid':
      return randomUUID();
    case 'token':
      return randomBytes(5).toString('hex');
  }
}
