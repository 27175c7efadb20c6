import { RedfishNotFoundError, RedfishResponseError } from '../errors.js';
import { isJsonObject, linkOf, valueAt, type JsonObject } from '../json.js';
import type { Memory } from '../quirks/memory.js';
import { lacksExpand } from './refusals.js';
import { pagesOf, totalOf } from './pages.js';
import type { ResourceReader } from './resource-reader.js';
import { bare, type Links } from '../wire/links.js';
import type { CallOptions, RedfishPage, RedfishResource } from '../types.js';

export interface MembersPlan {
  readonly client: Pick<ResourceReader, 'get' | 'root'>;
  readonly links: Links;
  readonly memory: Memory;
  readonly options: CallOptions;
  readonly mostPages: number;
}

/**
 * The whole members of a collection, each once: with one request per page where the BMC says that it has `$expand`, else
 * with one more per member. A member that is listed but 404 is left out. `skip` members are not read; more than `most`
 * are an error.
 */
export async function* eachMember(
  path: string,
  plan: MembersPlan,
  { skip, most }: { readonly skip: number; readonly most: number },
): AsyncGenerator<JsonObject, void, undefined> {
  let count = 0;
  for await (const { member, page } of listedMembers(path, plan)) {
    count += 1;
    if (count > most) {
      throw new RedfishResponseError(`The collection ${page.url} has more than ${most} members.`, page);
    }
    const whole = count <= skip ? undefined : await wholeOf(member, plan);
    if (whole !== undefined) yield whole;
  }
}

/** `limit` members of a collection after `skip`; others are not read. */
export async function readPage(
  path: string,
  plan: MembersPlan,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<RedfishPage> {
  const members: JsonObject[] = [];
  let total: number | undefined;
  let count = 0;
  for await (const { member, page } of listedMembers(path, plan)) {
    total ??= totalOf(page.body);
    if (count === skip + limit) return { members, total, more: true };
    count += 1;
    const whole = count <= skip ? undefined : await wholeOf(member, plan);
    if (whole !== undefined) members.push(whole);
  }
  return { members, total: total ?? count, more: false };
}

interface Listed {
  /** The member, or a link to it. */
  readonly member: JsonObject;
  readonly page: RedfishResource;
}

/** The members as the pages list them, each once. A page is read when its first member is asked for. */
async function* listedMembers(path: string, plan: MembersPlan): AsyncGenerator<Listed, void, undefined> {
  const { client, links, options, mostPages } = plan;
  const read = async (place: string): Promise<RedfishResource> =>
    place === path ? firstPage(path, plan) : client.get(place, options);
  for await (const { resource: page, members } of pagesOf(path, read, links, mostPages)) {
    for (const listed of members) {
      const member = typeof listed === 'string' ? { '@odata.id': listed } : listed;
      if (isJsonObject(member)) yield { member, page };
    }
  }
}

/** The first page of a collection, with whole members where the BMC has `$expand`. */
export async function firstPage(
  path: string,
  { client, memory, options }: Pick<MembersPlan, 'client' | 'memory' | 'options'>,
): Promise<RedfishResource> {
  const flag = `expand ${bare(path)}`;
  const query = path.includes('?') || memory.get(flag) === 'no' ? undefined : await queryOf(client, options);
  if (query === undefined) return client.get(path, options);
  try {
    return await client.get(`${path}?$expand=${query}`, options);
  } catch (error) {
    if (!lacksExpand(error)) throw error;
    const page = await client.get(path, options);
    memory.learn(flag, 'no');
    return page;
  }
}

/** The value of `$expand` for the members themselves, without what they link. */
async function queryOf(client: MembersPlan['client'], options: CallOptions): Promise<string | undefined> {
  const { body } = await client.root(options);
  const features = valueAt(body, 'ProtocolFeaturesSupported', 'ExpandQuery');
  const kind =
    valueAt(features, 'NoLinks') === true ? '.' : valueAt(features, 'ExpandAll') === true ? '*' : undefined;
  return kind !== undefined && valueAt(features, 'Levels') === true ? `${kind}($levels=1)` : kind;
}

async function wholeOf(
  member: JsonObject,
  { client, options }: MembersPlan,
): Promise<JsonObject | undefined> {
  const link = linkOf(member);
  if (link === undefined || !isLink(member)) return member;
  try {
    return (await client.get(link, options)).body;
  } catch (error) {
    if (error instanceof RedfishNotFoundError) return undefined;
    throw error;
  }
}

function isLink(member: JsonObject): boolean {
  return Object.keys(member).every((name) => name.startsWith('@odata.'));
}
