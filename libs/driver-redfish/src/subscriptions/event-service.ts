import {
  linkOf,
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
import { missingAttribute } from '../bmc/errors.js';
import { Subscription } from './subscription.js';

/** Flag: `no` where `$expand` is promised and not kept. */
const EXPAND = 'subscriptions-expand';
/** Path of the collection, so that reads need not ask the service for it. */
const COLLECTION = 'subscriptions-path';
/** Errors that mean that the BMC does not support `$expand` here. */
const NO_EXPAND = [
  RedfishValidationError,
  RedfishUnsupportedError,
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishServiceError,
];

/** The subscriptions of a BMC at one time. */
export interface Listing {
  /** The paths of all members, also of those that could not be read. */
  readonly paths: readonly string[];
  readonly subscriptions: readonly Subscription[];
}

/** The event service of one BMC. */
export class EventService {
  private constructor(
    private readonly call: BmcCall,
    readonly body: JsonObject,
    /** Path of the collection of subscriptions, as the BMC gives it. */
    readonly collection: string,
  ) {}

  /** @throws BmcError in Ironic's words where the BMC has no event service */
  static async of(call: BmcCall): Promise<EventService> {
    const { bmc, options } = call;
    const root = await bmc.root(options);
    const link = linkOf(root.body['EventService']);
    if (link === undefined) throw missingAttribute('EventService/@odata.id', bmc.target.root);
    const { body } = await bmc.get(link, options);
    const collection = linkOf(body['Subscriptions']);
    if (collection === undefined) throw missingAttribute('Subscriptions/@odata.id', link);
    bmc.learn(COLLECTION, collection);
    return new EventService(call, body, collection);
  }

  /** Reads from the known collection; on 404 the collection is looked up again. */
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

  /** False where the service says that it sends nothing at the moment. */
  get isEnabled(): boolean {
    return this.body['ServiceEnabled'] !== false;
  }

  /** The collection as the BMC has it, with the members of all its pages. */
  async members(): Promise<JsonObject> {
    return (await this.call.bmc.collection(this.collection, this.call.options)).body;
  }

  /** All subscriptions, free slots included. */
  async list(): Promise<Listing> {
    return (await this.expanded()) ?? (await this.oneByOne());
  }

  /** A resource of the collection, or undefined where there is none. */
  async read(path: string): Promise<Subscription | undefined> {
    const { bmc, options } = this.call;
    try {
      return new Subscription(path, (await bmc.get(path, options)).body);
    } catch (error) {
      if (error instanceof RedfishNotFoundError) return undefined;
      throw error;
    }
  }

  /** The subscription of an Id; undefined where there is none, and for a slot that nobody uses. */
  async find(id: string): Promise<Subscription | undefined> {
    const { bmc, options } = this.call;
    const paths = await bmc.members(this.collection, options);
    const place = `${this.collection.replace(/\/+$/, '')}/${encodeURIComponent(id)}`;
    const listed = paths.find((path) => samePath(path, place) || lastSegment(path) === id);
    const found = await this.read(listed ?? place);
    return found?.isFree === true ? undefined : found;
  }

  private async expanded(): Promise<Listing | undefined> {
    const { bmc, options } = this.call;
    const { body: root } = await bmc.root(options);
    const isPromised = valueAt(root, 'ProtocolFeaturesSupported', 'ExpandQuery', 'NoLinks') === true;
    if (!isPromised || bmc.learned(EXPAND) === 'no') return undefined;
    try {
      const { body } = await bmc.collection(`${this.collection}?$expand=.($levels=1)`, options);
      const members = Array.isArray(body['Members']) ? body['Members'] : [];
      const subscriptions = members.flatMap((member) => Subscription.expanded(member) ?? []);
      if (subscriptions.length === members.length) {
        return { paths: subscriptions.map(({ path }) => path), subscriptions };
      }
    } catch (error) {
      if (!NO_EXPAND.some((each) => error instanceof each)) throw error;
    }
    bmc.learn(EXPAND, 'no');
    return undefined;
  }

  private async oneByOne(): Promise<Listing> {
    const paths = await this.call.bmc.members(this.collection, this.call.options);
    const subscriptions: Subscription[] = [];
    // In sequence, because a BMC handles two requests at a time.
    for (const path of paths) {
      const subscription = await this.read(path);
      // Deleted meanwhile, or listed without existing, as some BMCs do.
      if (subscription !== undefined) subscriptions.push(subscription);
    }
    return { paths, subscriptions };
  }
}

function lastSegment(path: string): string {
  const segment = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
