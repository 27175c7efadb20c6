import { type JsonObject } from '../tree/json.js';

/** What every resource has. */
export function base(path: string, type: string, id: string, name: string): JsonObject {
  return { '@odata.id': path, '@odata.type': `#${type}`, Id: id, Name: name };
}
