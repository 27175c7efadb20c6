import {
  RedfishError,
  RedfishNotFoundError,
  RedfishUnsupportedError,
  RedfishValidationError,
} from '../../errors.js';
import { linkOf, textAt, type JsonObject } from '../../json.js';
import type { CallOptions, RedfishResource } from '../../types.js';
import type { RedfishClient } from '../client.js';
import { RedfishMissingError, RedfishNotDoneError } from '../service-errors.js';
import type { SettleOptions } from '../settle.js';
import { streamEvents, type StreamedEvent, type StreamOptions } from './event-stream.js';
import { NewSubscription } from './new-subscription.js';
import { SubscriptionCollection, type SubscriptionList } from './subscription-collection.js';
import { FREE_DESTINATION, type Subscription } from './subscription.js';
import { submitTestEvent, type TestEvent } from './test-event.js';
import type { WantedSubscription } from './wanted-subscription.js';

/** Learned path of the collection, so that reads need not ask the service for it. */
const COLLECTION = 'subscriptions-path';

/**
 * The subscriptions of a BMC to events, and test events. Every method rejects with a RedfishError; without an
 * EventService with a RedfishMissingError.
 *
 * ```ts
 * const events = new EventService(bmc);
 * const { path } = await events.subscribe({ Destination: 'https://events.example/', Context: 'rack 7' });
 * await events.submitTestEvent({ Severity: 'Warning' });
 * ```
 */
export class EventService {
  constructor(readonly bmc: RedfishClient) {}

  /** The EventService itself. */
  async read(options: CallOptions = {}): Promise<RedfishResource> {
    const link = linkOf((await this.bmc.root(options)).body['EventService']);
    if (link === undefined) throw new RedfishMissingError('EventService', this.bmc.target.root);
    return this.bmc.get(link, options);
  }

  /** The collection of subscriptions, with the links of all pages. */
  async collection(options: CallOptions = {}): Promise<JsonObject> {
    return this.#reading(options, async (subscriptions) => subscriptions.links());
  }

  /** All subscriptions and free slots: with one request where the BMC has `$expand`. */
  async list(options: CallOptions = {}): Promise<SubscriptionList> {
    return this.#reading(options, async (subscriptions) => subscriptions.list());
  }

  /** The subscription with this Id; undefined if there is none. */
  async find(id: string, options: CallOptions = {}): Promise<Subscription | undefined> {
    return this.#reading(options, async (subscriptions) => subscriptions.find(id));
  }

  /**
   * Creates a subscription, at most once, or returns the one that is all that was asked for. HttpHeaders,
   * DeliveryRetryPolicy and VerifyCertificate of that one are changed if they are not shown as asked for; where the BMC
   * cannot change them, another is made. Properties that the BMC does not know are left out, and those that it requires
   * are added, except where the caller set them.
   *
   * @throws RedfishArgumentError for EventTypes that the BMC does not have, and properties that it does not know
   * @throws RedfishValidationError for what it refuses; RedfishDisabledError if the service is switched off
   * @throws RedfishNotDoneError if it reports success and no subscription is there
   */
  async subscribe(wanted: WantedSubscription, options: SettleOptions = {}): Promise<Subscription> {
    const { service, subscriptions } = await this.#open(options);
    const before = await subscriptions.list();
    const known = before.subscriptions.find((subscription) => subscription.isSame(wanted));
    const same = known && (await changed(known, wanted, subscriptions));
    return same ?? new NewSubscription(service, subscriptions, before, wanted, options).make();
  }

  /**
   * Deletes a subscription; a slot that cannot be deleted is emptied. Success is what a later read shows.
   *
   * @returns whether there was one
   * @throws RedfishNotDoneError if it still exists although the BMC reports success, or 404
   */
  async unsubscribe(id: string, options: CallOptions = {}): Promise<boolean> {
    const { subscriptions } = await this.#open(options);
    const subscription = await subscriptions.find(id);
    if (subscription === undefined) return false;
    const { path } = subscription;
    let failure: RedfishError | undefined;
    try {
      await remove(subscription, subscriptions);
    } catch (error) {
      if (!(error instanceof RedfishError)) throw error;
      failure = error;
    }
    if (await isGone(path, subscriptions, failure)) return true;
    if (failure !== undefined && !(failure instanceof RedfishNotFoundError)) throw failure;
    const why = failure?.message ?? 'the BMC reported success';
    throw new RedfishNotDoneError(`${path} still exists; ${why}`, { cause: failure });
  }

  /**
   * Lets the BMC send an event to its subscribers, at most once: it is sent again only after a refusal, without the
   * parameters that the BMC does not know and that the caller did not ask for.
   *
   * @returns the event as it was sent
   * @throws RedfishUnsupportedError without `status` if the BMC has no such action
   * @throws RedfishValidationError for what it refuses
   */
  async submitTestEvent(event: TestEvent = {}, options: CallOptions = {}): Promise<JsonObject> {
    return submitTestEvent(this.bmc, await this.read(options), event, options);
  }

  /**
   * The events as they happen, by Server-Sent Events, until the caller stops or aborts. The stream has a socket of its
   * own beside those of other requests. When it ends or breaks it is opened again, after the last event that was seen;
   * while it is not open, events may be lost, unless the BMC keeps them.
   *
   * ```ts
   * for await (const { body } of events.stream({ signal })) console.log(body['Events']);
   * ```
   *
   * @throws RedfishMissingError for a BMC without `ServerSentEventUri`; RedfishResponseError if there is no such stream
   */
  async *stream(options: StreamOptions = {}): AsyncGenerator<StreamedEvent, void, undefined> {
    const { body, url } = await this.read({ signal: options.signal });
    const path = textAt(body, 'ServerSentEventUri') ?? '';
    if (path === '') {
      throw new RedfishMissingError('ServerSentEventUri', linkOf(body) ?? new URL(url).pathname);
    }
    yield* streamEvents(this.bmc, path, options);
  }

  async #open(
    options: CallOptions,
  ): Promise<{ readonly service: JsonObject; readonly subscriptions: SubscriptionCollection }> {
    const { body, url } = await this.read(options);
    const collection = linkOf(body['Subscriptions']);
    if (collection === undefined) {
      throw new RedfishMissingError('Subscriptions', linkOf(body) ?? new URL(url).pathname);
    }
    this.bmc.learn(COLLECTION, collection);
    return {
      service: body,
      subscriptions: new SubscriptionCollection(this.bmc, collection, options),
    };
  }

  async #reading<T>(
    options: CallOptions,
    read: (subscriptions: SubscriptionCollection) => Promise<T>,
  ): Promise<T> {
    const known = this.bmc.learned(COLLECTION);
    if (known !== undefined) {
      try {
        return await read(new SubscriptionCollection(this.bmc, known, options));
      } catch (error) {
        if (!(error instanceof RedfishNotFoundError)) throw error;
      }
    }
    return read((await this.#open(options)).subscriptions);
  }
}

/** A subscription with its changeable properties as asked for; undefined if the BMC does not change them. */
async function changed(
  known: Subscription,
  wanted: WantedSubscription,
  subscriptions: SubscriptionCollection,
): Promise<Subscription | undefined> {
  const { bmc, options } = subscriptions;
  const changes = known.changesTo(wanted);
  if (Object.keys(changes).length === 0) return known;
  try {
    await bmc.patch(known.path, changes, options);
  } catch (error) {
    if (error instanceof RedfishUnsupportedError || error instanceof RedfishValidationError) return undefined;
    throw error;
  }
  const now = await subscriptions.read(known.path);
  return now?.isSame(wanted) === true && now.differencesTo(wanted).length === 0 ? now : undefined;
}

async function remove({ path, body }: Subscription, subscriptions: SubscriptionCollection): Promise<void> {
  const { bmc, options } = subscriptions;
  try {
    await bmc.delete(path, options);
  } catch (error) {
    if (!(error instanceof RedfishUnsupportedError) || !(await hasSlots(subscriptions))) throw error;
    const types = Object.hasOwn(body, 'EventTypes') ? { EventTypes: [] } : {};
    await bmc.patch(path, { Destination: FREE_DESTINATION, Context: '', ...types }, options);
  }
}

/** Whether subscriptions are fixed slots: a free one shows it, else the quirk table, which needs X10's managers. */
async function hasSlots(collection: SubscriptionCollection): Promise<boolean> {
  const { bmc, options } = collection;
  try {
    const { subscriptions } = await collection.list();
    if (subscriptions.some(({ isFree }) => isFree)) return true;
    await bmc.managers(await bmc.system(options), options);
  } catch (error) {
    if (!(error instanceof RedfishError)) throw error;
  }
  return (await bmc.behaviour(options)).subscriptionSlots === true;
}

/** Throws `failure`, that of the deletion, if the BMC cannot be read afterwards. */
async function isGone(
  path: string,
  subscriptions: SubscriptionCollection,
  failure: RedfishError | undefined,
): Promise<boolean> {
  try {
    const now = await subscriptions.read(path);
    return now === undefined || now.isFree;
  } catch (error) {
    throw failure ?? error;
  }
}
