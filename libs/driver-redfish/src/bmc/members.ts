import {
  isJsonObject,
  type JsonObject,
  linkOf,
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishServiceError,
  RedfishUnsupportedError,
  RedfishValidationError,
  textAt,
  valueAt,
} from '@ferrule/redfish';
import { type BmcCall } from './bmc-call.js';

/** Errors which mean that the BMC does not support `$expand` here. */
const NO_EXPAND = [
  RedfishValidationError,
  RedfishUnsupportedError,
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishServiceError,
];

export interface Page {
  readonly members: readonly JsonObject[];
  /** Members of the whole collection, if the BMC says it. */
  readonly total: number | undefined;
  /** Whether the collection goes on after this page. */
  readonly more: boolean;
}

/**
 * Whole members of a collection, `limit` of them after `skip`: in one request per page of the BMC where it can
 * `$expand`, else in one per member. A member that the BMC lists but does not have is left out.
 */
export async function pageOf(call: BmcCall, path: string, skip: number, limit: number): Promise<Page> {
  const { bmc } = call;
  const found: JsonObject[] = [];
  const seen = new Set<string>();
  let page: string | undefined = await expandable(call, path);
  let total: number | undefined;
  while (page !== undefined && found.length <= skip + limit) {
    seen.add(bmc.resolve(page));
    const body: JsonObject = await read(call, page, path);
    const count = body['Members@odata.count'];
    total ??= typeof count === 'number' ? count : undefined;
    found.push(...membersOf(body));
    const next = textAt(body, 'Members@odata.nextLink') ?? textAt(body, '@odata.nextLink') ?? '';
    page = next === '' || seen.has(bmc.resolve(next)) ? undefined : next;
  }
  const members: JsonObject[] = [];
  for (const member of found.slice(skip, skip + limit)) {
    const whole = isLink(member) ? await wholeOf(call, linkOf(member) ?? '') : member;
    if (whole !== undefined) members.push(whole);
  }
  return { members, total, more: found.length > skip + limit || page !== undefined };
}

async function wholeOf({ bmc, options }: BmcCall, link: string): Promise<JsonObject | undefined> {
  try {
    return (await bmc.get(link, options)).body;
  } catch (error) {
    if (error instanceof RedfishNotFoundError) return undefined;
    throw error;
  }
}

/** The path with `$expand`, if the BMC promises it and has not failed to do it. */
async function expandable({ bmc, options }: BmcCall, path: string): Promise<string> {
  const { body } = await bmc.root(options);
  const isPromised = valueAt(body, 'ProtocolFeaturesSupported', 'ExpandQuery', 'NoLinks') === true;
  return isPromised && bmc.learned(flagOf(path)) !== 'no' ? `${path}?$expand=.($levels=1)` : path;
}

async function read({ bmc, options }: BmcCall, page: string, path: string): Promise<JsonObject> {
  try {
    const { body } = await bmc.get(page, options);
    return body;
  } catch (error) {
    if (page === path || !page.includes('$expand') || !NO_EXPAND.some((each) => error instanceof each))
      throw error;
    const { body } = await bmc.get(path, options);
    bmc.learn(flagOf(path), 'no');
    return body;
  }
}

function flagOf(path: string): string {
  return `expand ${path}`;
}

function membersOf({ Members }: JsonObject): JsonObject[] {
  return (Array.isArray(Members) ? Members : []).filter(isJsonObject);
}

function isLink(member: JsonObject): boolean {
  return Object.keys(member).every((name) => name.startsWith('@odata.'));
}
