import { RedfishResponseError } from '../errors.js';
import { linkOf, linksOf, textAt, type JsonObject, type JsonValue } from '../json.js';
import { bare, type Links } from '../wire/links.js';
import type { RedfishResource } from '../types.js';

/**
 * Reads a collection over all its pages: the first page with the Members of all, each once, and without a next link.
 * More than `most` members are an error.
 */
export async function readCollection(
  path: string,
  read: (path: string) => Promise<RedfishResource>,
  links: Links,
  most: number,
): Promise<RedfishResource> {
  const first = await read(path);
  const members = new Map<string, JsonValue>();
  const pages = new Set<string>();
  for (let page = first; ;) {
    collect(page.body, members);
    if (members.size > most) {
      throw new RedfishResponseError(`The collection ${first.url} has more than ${most} members.`, first);
    }
    const next = textAt(page.body, 'Members@odata.nextLink') ?? textAt(page.body, '@odata.nextLink');
    if (next === undefined || next === '') break;
    const place = links.resolve(next);
    if (pages.has(place)) {
      if (members.size === totalOf(page.body)) break;
      throw new RedfishResponseError(
        `The pages of the collection ${first.url} form a loop at ${place}.`,
        first,
      );
    }
    pages.add(place);
    page = await read(place);
  }
  const body: JsonObject = { ...first.body, Members: [...members.values()] };
  if (pages.size > 0) {
    delete body['Members@odata.nextLink'];
    delete body['@odata.nextLink'];
    body['Members@odata.count'] = members.size;
  }
  return { ...first, body };
}

/** How many members the BMC says that there are. */
export function totalOf({ 'Members@odata.count': count }: JsonObject): number | undefined {
  return typeof count === 'number' ? count : undefined;
}

function collect(page: JsonObject, members: Map<string, JsonValue>): void {
  const listed = page['Members'];
  for (const member of Array.isArray(listed) ? listed : []) {
    const link = linkOf(member);
    const key = link === undefined ? `#${members.size}` : bare(link);
    if (!members.has(key)) members.set(key, member);
  }
}

export function linksIn(...values: readonly (JsonValue | undefined)[]): string[] {
  const seen = new Map<string, string>();
  for (const link of values.flatMap((value) => linksOf(value))) {
    if (!seen.has(bare(link))) seen.set(bare(link), link);
  }
  return [...seen.values()];
}
