import { RedfishNotFoundError } from '../../errors.js';
import { linkOf, type JsonObject } from '../../json.js';
import { isUnreadable } from '../../resources/refusals.js';
import type { CallOptions } from '../../types.js';
import { bare, lastSegment, samePath } from '../../wire/links.js';
import type { RedfishClient } from '../client.js';
import { Subscription } from './subscription.js';

/** The subscriptions of a BMC at one moment. */
export interface SubscriptionList {
  /** The collection as the BMC shows it, with the Members of all pages. */
  readonly collection: JsonObject;
  /** The paths of all members. */
  readonly paths: readonly string[];
  /** The members, free slots included. */
  readonly subscriptions: readonly Subscription[];
  /** Members that the BMC lists and fails to show; those which do not exist are left out. */
  readonly unread: readonly string[];
}

/** The collection of subscriptions during one call. */
export class SubscriptionCollection {
  constructor(
    readonly bmc: RedfishClient,
    readonly path: string,
    readonly options: CallOptions,
  ) {}

  /** The collection with links. */
  async links(): Promise<JsonObject> {
    return (await this.bmc.collection(this.path, this.options)).body;
  }

  async list(): Promise<SubscriptionList> {
    const { body } = await this.bmc.collection(this.path, { ...this.options, expand: true });
    const members = membersOf(body);
    const subscriptions: Subscription[] = [];
    const unread: string[] = [];
    // Not concurrently: a BMC handles two requests at a time.
    for (const member of members) {
      if (typeof member !== 'string') {
        subscriptions.push(member);
        continue;
      }
      const read = await this.#readable(member);
      if (read === 'unreadable') unread.push(member);
      // Otherwise it was deleted meanwhile, or is listed without existing, as on some BMCs.
      else if (read !== undefined) subscriptions.push(read);
    }
    const paths = members.map((member) => (typeof member === 'string' ? member : member.path));
    return { collection: body, paths, subscriptions, unread };
  }

  /** A member as it is now; undefined if it does not exist. */
  async read(path: string): Promise<Subscription | undefined> {
    try {
      return new Subscription(path, (await this.bmc.get(path, this.options)).body);
    } catch (error) {
      if (error instanceof RedfishNotFoundError) return undefined;
      throw error;
    }
  }

  /** The subscription with this Id; undefined if there is none, or only a free slot. */
  async find(id: string): Promise<Subscription | undefined> {
    const paths = await this.bmc.members(this.path, this.options);
    const place = `${bare(this.path)}/${encodeURIComponent(id)}`;
    const listed = paths.find((path) => samePath(path, place) || lastSegment(path) === id);
    const found = await this.read(listed ?? place);
    return found?.isFree === true ? undefined : found;
  }

  async #readable(path: string): Promise<Subscription | 'unreadable' | undefined> {
    try {
      return await this.read(path);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return 'unreadable';
    }
  }
}

function membersOf({ Members }: JsonObject): (Subscription | string)[] {
  const members = Array.isArray(Members) ? Members : [];
  return members.flatMap((member) => Subscription.expanded(member) ?? linkOf(member) ?? []);
}
