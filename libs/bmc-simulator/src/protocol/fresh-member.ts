import { randomBytes, randomUUID } from 'node:crypto';
import { type IdStyle } from '../profiles/vendor-rules.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';

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
