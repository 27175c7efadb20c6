import { isJsonObject, type Json, type JsonObject } from './json.js';

const LINK_KEYS = new Set([
  '@odata.id',
  'target',
  'TaskMonitor',
  'Members@odata.nextLink',
  '@Redfish.ActionInfo',
]);

export function relink(value: Json | undefined, change: (path: string, key: string) => string): void {
  if (Array.isArray(value)) {
    value.forEach((item) => relink(item, change));
  } else if (isJsonObject(value)) {
    relinkObject(value, change);
  }
}

function relinkObject(value: JsonObject, change: (path: string, key: string) => string): void {
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === 'string') {
      value[key] = LINK_KEYS.has(key) && member.startsWith('/') ? change(member, key) : member;
    } else {
      relink(member, change);
    }
  }
}

export function withSlash(path: string, slashes: 'with' | 'without'): string {
  const [bare = '', query] = path.split('?', 2);
  const trimmed = bare.replace(/\/+$/, '');
  return `${trimmed}${slashes === 'with' ? '/' : ''}${query === undefined ? '' : `?${query}`}`;
}
