import {
  linkOf,
  RedfishAccessError,
  RedfishMissingError,
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishServiceError,
  RedfishUnsupportedError,
  RedfishValidationError,
  samePath,
  valueAt,
  type JsonObject,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { Subscription } from './subscription.js';

/** Learned flag: `no` if the BMC announces `$expand` and does not do it. */
const EXPAND = 'subscriptions-expand';
/** Learned path of the collection, so that reads need not ask the service for it. */
const COLLECTION = 'subscriptions-path';
/** Errors which mean that the BMC does not support `$expand` here. */
const NO_EXPAND = [
  RedfishValidationError,
  RedfishUnsupportedError,
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishServiceError,
];
const UNREADABLE = [...NO_EXPAND, RedfishAccessError];

export interface Listing {
  readonly collection: JsonObject;
  readonly paths: readonly string[];
  readonly subscriptions: readonly Subscription[];
  /** Members that the BMC lists and fails to show; those which do not exist are left out. */
  readonly unread: readonly string[];
}

export class EventService {
  private constructor(
    private readonly call: BmcCall,
    readonly body: JsonObject,
    readonly collection: string,
  ) {}

  static async of(call: BmcCall): Promise<EventService> {
    const { bmc, options } = call;
    const root = await bmc.root(options);
    const link = linkOf(root.body['EventService']);
    if (link === undefined) throw new RedfishMissingError('EventService', bmc.target.root);
    const { body } = await bmc.get(link, options);
    const collection = linkOf(body['Subscriptions']);
    if (collection === undefined) throw new RedfishMissingError('Subscriptions', link);
    bmc.learn(COLLECTION, collection);
    return new EventService(call, body, collection);
  }

  static async reading<T>(call: BmcCall, read: (service: EventService) => Promise<T>): Promise<T> {
    const known = call.bmc.learned(COLLECTION);
    if (known === undefined) return read(await EventService.of(call));
    try {
      return await read(new EventService(call, {}, known));
    } catch (error) {
      if (!(error instanceof RedfishNotFoundError)) throw error;
      return read(await EventService.of(call));
    }
  }

  get isEnabled(): boolean {
    return this.body['ServiceEnabled'] !== false;
  }

  async members(): Promise<JsonObject> {
    return (await this.call.bmc.collection(this.collection, this.call.options)).body;
  }

  async list(): Promise<Listing> {
    const collection = (await this.expanded()) ?? (await this.members());
    const members = membersOf(collection);
    const subscriptions: Subscription[] = [];
    const unread: string[] = [];
    // Not concurrently: a BMC handles two requests at a time.
    for (const member of members) {
      if (typeof member !== 'string') {
        subscriptions.push(member);
        continue;
      }
      const read = await this.readable(member);
      if (read === 'unreadable') unread.push(member);
      // Otherwise it was deleted meanwhile, or is listed without existing, as on some BMCs.
      else if (read !== undefined) subscriptions.push(read);
    }
    const paths = members.map((member) => (typeof member === 'string' ? member : member.path));
    return { collection, paths, subscriptions, unread };
  }

  async read(path: string): Promise<Subscription | undefined> {
    const { bmc, options } = this.call;
    try {
      return new Subscription(path, (await bmc.get(path, options)).body);
    } catch (error) {
      if (error instanceof RedfishNotFoundError) return undefined;
      throw error;
    }
  }

  async find(id: string): Promise<Subscription | undefined> {
    const { bmc, options } = this.call;
    const paths = await bmc.members(this.collection, options);
    const place = `${this.collection.replace(/\/+$/, '')}/${encodeURIComponent(id)}`;
    const listed = paths.find((path) => samePath(path, place) || lastSegment(path) === id);
    const found = await this.read(listed ?? place);
    return found?.isFree === true ? undefined : found;
  }

  private async readable(path: string): Promise<Subscription | 'unreadable' | undefined> {
    try {
      return await this.read(path);
    } catch (error) {
      if (!UNREADABLE.some((each) => error instanceof each)) throw error;
      return 'unreadable';
    }
  }

  private async expanded(): Promise<JsonObject | undefined> {
    const { bmc, options } = this.call;
    const { body: root } = await bmc.root(options);
    const isPromised = valueAt(root, 'ProtocolFeaturesSupported', 'ExpandQuery', 'NoLinks') === true;
    if (!isPromised || bmc.learned(EXPAND) === 'no') return undefined;
    try {
      const { body } = await bmc.collection(`${this.collection}?$expand=.($levels=1)`, options);
      const members = membersOf(body);
      if (members.length === 0 || members.some((member) => typeof member !== 'string')) return body;
    } catch (error) {
      if (!NO_EXPAND.some((each) => error instanceof each)) throw error;
    }
    bmc.learn(EXPAND, 'no');
    return undefined;
  }
}

function membersOf({ Members }: JsonObject): (Subscription | string)[] {
  const members = Array.isArray(Members) ? Members : [];
  return members.flatMap((member) => Subscription.expanded(member) ?? linkOf(member) ?? []);
}

function lastSegment(path: string): string {
  const segment = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
