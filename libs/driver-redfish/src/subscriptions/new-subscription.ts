import {
  linkOf,
  RedfishConnectionError,
  RedfishError,
  type RedfishErrorCode,
  type RedfishReply,
  RedfishTimeoutError,
  RedfishUnsupportedError,
  RedfishValidationError,
  samePath,
  type JsonObject,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError } from '../bmc/errors.js';
import { type EventService, type Listing } from './event-service.js';
import { settle } from '../bmc/settle.js';
import { type WantedSubscription } from './subscription.args.js';
import { corrected, subscriptionBody } from './subscription-body.js';
import { type Subscription } from './subscription.js';

/** Flag: the properties of subscriptions that this BMC was seen to refuse, separated by commas. */
const REFUSED = 'subscription-refuses';

/** Failures after which the subscription may be there all the same. */
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

/** A subscription that is being made at a BMC which has none like it. */
export class NewSubscription {
  constructor(
    private readonly call: BmcCall,
    private readonly service: EventService,
    private readonly before: Listing,
    private readonly wanted: WantedSubscription,
  ) {}

  /** Makes it, in a free slot where the BMC has slots; never leaves one behind that nobody knows of. */
  async make(): Promise<Subscription> {
    const slot = this.before.subscriptions.find((subscription) => subscription.isFree);
    try {
      const filled = slot && (await this.fill(slot));
      return filled ?? (await this.add());
    } catch (error) {
      const made = mayHaveActed(error) ? await this.lookAgain(error) : undefined;
      if (made !== undefined) return made;
      throw this.failure(error);
    }
  }

  /** Sets a slot; undefined where the BMC does not let its slots be set (but does it by itself on POST). */
  private async fill(slot: Subscription): Promise<Subscription | undefined> {
    const { bmc, options } = this.call;
    // A free slot is one for SNMP traps.
    const type = Object.hasOwn(slot.body, 'SubscriptionType') ? { SubscriptionType: 'RedfishEvent' } : {};
    try {
      await this.send(type, async (body) => bmc.patch(slot.path, body, options));
    } catch (error) {
      if (error instanceof RedfishUnsupportedError) return undefined;
      throw error;
    }
    const filled = await settle(this.call, async () => {
      const now = await this.service.read(slot.path);
      return now?.fits(this.wanted) === true ? now : undefined;
    });
    if (filled !== undefined) return filled;
    throw redfishError(`Slot ${slot.path} took the subscription and does not show it.`);
  }

  private async add(): Promise<Subscription> {
    const { bmc, options } = this.call;
    const nothingHappened = async (): Promise<boolean> => this.among(await this.service.list()) === undefined;
    const reply = await this.send({}, async (body) =>
      bmc.post(this.service.collection, body, { ...options, nothingHappened }),
    );
    const made = (await this.named(reply)) ?? (await settle(this.call, async () => this.listed()));
    if (made !== undefined) return made;
    throw redfishError(`${reply.url} answered ${reply.status}, and shows no new subscription.`);
  }

  /** Sends the body; where the BMC objects to one of its optional properties, once more without it. */
  private async send(
    extra: JsonObject,
    attempt: (body: JsonObject) => Promise<RedfishReply>,
  ): Promise<RedfishReply> {
    const { bmc, options } = this.call;
    const without = bmc.learned(REFUSED)?.split(',') ?? [];
    const made = subscriptionBody(this.wanted, this.service.body, await bmc.behaviour(options), without);
    const body = { ...made, ...extra };
    try {
      return await attempt(body);
    } catch (error) {
      if (!(error instanceof RedfishValidationError)) throw error;
      const better = corrected(body, error, this.wanted, this.service.body);
      if (better === undefined) throw error;
      const reply = await attempt(better.body);
      if (better.dropped.length > 0) bmc.learn(REFUSED, [...without, ...better.dropped].join(','));
      return reply;
    }
  }

  /** By Location, else by the link in the body. */
  private async named({ location, body }: RedfishReply): Promise<Subscription | undefined> {
    for (const path of [location, linkOf(body)]) {
      const found = path === undefined ? undefined : await this.service.read(path);
      if (found !== undefined && this.isNew(found)) return found;
    }
    return undefined;
  }

  private async listed(): Promise<Subscription | undefined> {
    return this.among(await this.service.list());
  }

  /** By what fits, else by the difference to before: a BMC may store a Destination in its own way. */
  private among({ subscriptions }: Listing): Subscription | undefined {
    const fitting = subscriptions.find((subscription) => subscription.fits(this.wanted));
    const fresh = subscriptions.filter((subscription) => !subscription.isFree && this.isNew(subscription));
    return fitting ?? (fresh.length === 1 ? fresh[0] : undefined);
  }

  private isNew(found: Subscription): boolean {
    const isKnown = this.before.paths.some((path) => samePath(path, found.path));
    const isOfCollection = Object.hasOwn(found.body, 'Destination');
    return isOfCollection && (!isKnown || found.fits(this.wanted));
  }

  /** After a failure: what is there now, or nothing where that cannot be told either. */
  private async lookAgain(failure: RedfishError): Promise<Subscription | undefined> {
    // A task that cannot be followed to where its monitor is goes on all the same.
    const isUnderWay = failure.code === 'foreign-link';
    try {
      return isUnderWay ? await settle(this.call, async () => this.listed()) : await this.listed();
    } catch (error) {
      if (error instanceof RedfishError) return undefined;
      throw error;
    }
  }

  /** What a refusal means when the service had said that it is switched off. */
  private failure(error: unknown): unknown {
    if (this.service.isEnabled || !(error instanceof RedfishError) || error.status === undefined)
      return error;
    return redfishError(
      `Failed to create subscription on node ${this.call.nodeUuid}: the EventService is not enabled. ` +
        `Error: ${error.message}`,
      { cause: error },
    );
  }
}

function mayHaveActed(error: unknown): error is RedfishError {
  if (error instanceof RedfishConnectionError) return !error.isUnsent;
  if (error instanceof RedfishTimeoutError) return error.phase !== 'connect';
  return error instanceof RedfishError && UNCLEAR.includes(error.code);
}
