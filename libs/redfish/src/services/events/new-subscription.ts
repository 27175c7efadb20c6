import {
  RedfishConnectionError,
  RedfishError,
  type RedfishErrorCode,
  RedfishTimeoutError,
  RedfishUnsupportedError,
  RedfishValidationError,
} from '../../errors.js';
import { linkOf, type JsonObject } from '../../json.js';
import type { RedfishReply } from '../../types.js';
import { samePath } from '../../wire/links.js';
import { sendCorrected } from '../corrections.js';
import { RedfishDisabledError, RedfishNotDoneError } from '../service-errors.js';
import { settle, type SettleOptions } from '../settle.js';
import type { SubscriptionCollection, SubscriptionList } from './subscription-collection.js';
import { corrected, subscriptionBody, unknownAmong } from './subscription-body.js';
import type { Subscription } from './subscription.js';
import type { WantedSubscription } from './wanted-subscription.js';

/** Learned: the properties of subscriptions that this BMC does not know, separated by commas. */
const REFUSED = 'subscription-refuses';
/** A BMC may object to several properties, one after the other. */
const MOST_CORRECTIONS = 3;

/** Codes of errors after which the BMC may have made the subscription. */
const UNCLEAR: readonly RedfishErrorCode[] = [
  'connection',
  'timeout',
  'service',
  'response',
  'not-ready',
  'validation',
  'conflict',
  'task',
  'foreign-link',
];

export class NewSubscription {
  constructor(
    /** The EventService. */
    readonly service: JsonObject,
    readonly collection: SubscriptionCollection,
    readonly before: SubscriptionList,
    readonly wanted: WantedSubscription,
    readonly options: SettleOptions,
  ) {}

  /** Uses a free slot if the BMC has slots. Also finds the subscription if the answer to its request was lost. */
  async make(): Promise<Subscription> {
    const slot = this.before.subscriptions.find((subscription) => subscription.isFree);
    try {
      const filled = slot && (await this.#fill(slot));
      return filled ?? (await this.#add());
    } catch (error) {
      const made = mayHaveActed(error) ? await this.#lookAgain(error) : undefined;
      if (made !== undefined) return made;
      const isAnswer = error instanceof RedfishError && error.status !== undefined;
      if (isAnswer && this.service['ServiceEnabled'] === false) {
        throw new RedfishDisabledError('EventService', error);
      }
      throw error;
    }
  }

  /** Sets a slot; undefined if the BMC refuses the PATCH because it fills its slots itself on POST. */
  async #fill(slot: Subscription): Promise<Subscription | undefined> {
    const { bmc } = this.collection;
    // The type of a free slot may be that of SNMP traps.
    const type = Object.hasOwn(slot.body, 'SubscriptionType') ? { SubscriptionType: 'RedfishEvent' } : {};
    try {
      await this.#send(type, async (body) => bmc.patch(slot.path, body, this.options));
    } catch (error) {
      if (error instanceof RedfishUnsupportedError) return undefined;
      throw error;
    }
    const filled = await settle(this.options, async () => {
      const now = await this.collection.read(slot.path);
      return now?.fits(this.wanted) === true ? now : undefined;
    });
    if (filled !== undefined) return filled;
    throw new RedfishNotDoneError(`Slot ${slot.path} accepted the subscription but does not show it.`);
  }

  async #add(): Promise<Subscription> {
    const { bmc, path } = this.collection;
    const nothingHappened = async (): Promise<boolean> => (await this.#listed()) === undefined;
    const reply = await this.#send({}, async (body) =>
      bmc.post(path, body, { ...this.options, nothingHappened }),
    );
    const made = (await this.#named(reply)) ?? (await settle(this.options, async () => this.#madeOrSame()));
    if (made !== undefined) return made;
    throw new RedfishNotDoneError(`${reply.url} answered ${reply.status}, and shows no new subscription.`);
  }

  async #send(
    extra: JsonObject,
    attempt: (body: JsonObject) => Promise<RedfishReply>,
  ): Promise<RedfishReply> {
    const { service, wanted, options } = this;
    const { bmc } = this.collection;
    const without = bmc.learned(REFUSED)?.split(',') ?? [];
    const learn = (unknown: readonly string[]): void => {
      if (unknown.length > 0) bmc.learn(REFUSED, [...new Set([...without, ...unknown])].join(','));
    };
    const body = { ...subscriptionBody(wanted, service, await bmc.behaviour(options), without), ...extra };
    const dropped: string[] = [];
    try {
      const { result } = await sendCorrected(body, MOST_CORRECTIONS, attempt, (sent, error) => {
        const better = corrected(sent, error, wanted, service);
        dropped.push(...(better?.unknown ?? []));
        return better?.body;
      });
      learn(dropped);
      return result;
    } catch (error) {
      if (error instanceof RedfishValidationError) learn(unknownAmong(wanted, error));
      throw error;
    }
  }

  async #named({ location, body }: RedfishReply): Promise<Subscription | undefined> {
    for (const path of [location, linkOf(body)]) {
      const found = path === undefined ? undefined : await this.collection.read(path);
      const isOfCollection = found !== undefined && Object.hasOwn(found.body, 'Destination');
      if (isOfCollection && (this.#isNew(found) || found.fits(this.wanted))) return found;
    }
    return undefined;
  }

  /** After a success: the new subscription, or the same one where a BMC has replaced it. */
  async #madeOrSame(): Promise<Subscription | undefined> {
    const list = await this.collection.list();
    return this.#among(list) ?? list.subscriptions.find((each) => each.isSame(this.wanted));
  }

  async #listed(): Promise<Subscription | undefined> {
    return this.#among(await this.collection.list());
  }

  /** Finds the new subscription by Destination and Context, else as the only one: a BMC may rewrite a Destination. */
  #among({ subscriptions }: SubscriptionList): Subscription | undefined {
    const fresh = subscriptions.filter((subscription) => !subscription.isFree && this.#isNew(subscription));
    const fitting = fresh.find((subscription) => subscription.fits(this.wanted));
    return fitting ?? (fresh.length === 1 ? fresh[0] : undefined);
  }

  #isNew({ path }: Subscription): boolean {
    const free = this.before.subscriptions.filter((subscription) => subscription.isFree);
    const used = this.before.paths.filter((known) => !free.some((slot) => samePath(slot.path, known)));
    return !used.some((known) => samePath(known, path));
  }

  /** After a failure: the subscription, if it exists now; undefined if it does not or the BMC cannot be read. */
  async #lookAgain(failure: RedfishError): Promise<Subscription | undefined> {
    // The BMC finishes a task although its monitor, on another origin, cannot be followed.
    const isUnderWay = failure.code === 'foreign-link';
    try {
      return isUnderWay ? await settle(this.options, async () => this.#listed()) : await this.#listed();
    } catch (error) {
      if (error instanceof RedfishError) return undefined;
      throw error;
    }
  }
}

function mayHaveActed(error: unknown): error is RedfishError {
  if (error instanceof RedfishConnectionError) return !error.isUnsent;
  if (error instanceof RedfishTimeoutError) return error.phase !== 'connect';
  return error instanceof RedfishError && UNCLEAR.includes(error.code);
}
