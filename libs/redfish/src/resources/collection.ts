import { RedfishResponseError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json.js';
import { nextOf, pagesOf } from './pages.js';
import type { Links } from '../wire/links.js';
import type { RedfishResource } from '../types.js';

/**
 * Reads a collection over all its pages: the first page with the Members of all, each once, and without a next link.
 * More members or pages than `most` are an error.
 */
export async function readCollection(
  path: string,
  read: (path: string) => Promise<RedfishResource>,
  links: Links,
  most: { readonly members: number; readonly pages: number },
): Promise<RedfishResource> {
  const first = await read(path);
  const members: JsonValue[] = [];
  const readOn = async (place: string): Promise<RedfishResource> => (place === path ? first : read(place));
  for await (const page of pagesOf(path, readOn, links, most.pages)) {
    members.push(...page.members);
    if (members.length > most.members) {
      const text = `The collection ${first.url} has more than ${most.members} members.`;
      throw new RedfishResponseError(text, first);
    }
  }
  const body: JsonObject = { ...first.body, Members: members };
  if (nextOf(body) !== '') {
    delete body['Members@odata.nextLink'];
    delete body['@odata.nextLink'];
    body['Members@odata.count'] = members.length;
  }
  return { ...first, body };
}
