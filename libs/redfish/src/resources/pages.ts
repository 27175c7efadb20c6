import { RedfishResponseError } from '../errors.js';
import { linkOf, textAt, type JsonObject, type JsonValue } from '../json.js';
import { bare, type Links } from '../wire/links.js';
import type { RedfishResource } from '../types.js';

/** Pages without a new member, one after the other, after which a collection is taken for endless. */
const MOST_EMPTY = 10;

export interface CollectionPage {
  readonly resource: RedfishResource;
  /** Those that no page before it has, whole or as links. */
  readonly members: readonly JsonValue[];
}

/** The pages of a collection, at most so many. Each is read when it is asked for. */
export async function* pagesOf(
  path: string,
  read: (path: string) => Promise<RedfishResource>,
  links: Links,
  most: number,
): AsyncGenerator<CollectionPage, void, undefined> {
  const seen = new Set<string>();
  const places = new Set([links.resolve(path)]);
  let empty = 0;
  for (let place = path; ;) {
    const resource = await read(place);
    const members = newIn(resource.body, seen);
    yield { resource, members };
    const next = nextOf(resource.body);
    if (next === '') return;
    place = links.resolve(next);
    const isLoop = places.has(place);
    // DMTF's mockup server answers every page with the first one, whose next link stays.
    if (isLoop && seen.size === totalOf(resource.body)) return;
    empty = members.length === 0 ? empty + 1 : 0;
    if (isLoop || empty >= MOST_EMPTY) {
      const fault = isLoop ? `form a loop at ${place}` : `have no members, and no end`;
      throw new RedfishResponseError(`The pages of the collection ${resource.url} ${fault}.`, resource);
    }
    if (places.size >= most) {
      throw new RedfishResponseError(`The collection ${resource.url} has more than ${most} pages.`, resource);
    }
    places.add(place);
  }
}

/** The link to the page after this one; empty if it is the last. */
export function nextOf(page: JsonObject): string {
  return textAt(page, 'Members@odata.nextLink') ?? textAt(page, '@odata.nextLink') ?? '';
}

/** How many members the BMC says that there are. */
export function totalOf({ 'Members@odata.count': count }: JsonObject): number | undefined {
  return typeof count === 'number' ? count : undefined;
}

function newIn({ Members }: JsonObject, seen: Set<string>): JsonValue[] {
  return (Array.isArray(Members) ? Members : []).filter((member) => {
    const link = linkOf(member);
    const key = link === undefined ? `#${seen.size}` : bare(link);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
