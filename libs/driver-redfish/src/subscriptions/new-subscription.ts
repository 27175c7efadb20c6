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
import { InvalidParameterValue } from '@ferrule/driver-kit';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError } from '../bmc/errors.js';
import { type EventService, type Listing } from './event-service.js';
import { settle } from '../bmc/settle.js';
import { type WantedSubscription } from './subscription.args.js';
import { corrected, isUnknown, refusedArguments, subscriptionBody } from './subscription-body.js';
import { type Subscription } from './subscription.js';

/** Learned: the properties of subscriptions that this BMC does not know, separated by commas. */
const REFUSED = 'subscription-refuses';

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
    private readonly call: BmcCall,
    private readonly service: EventService,
    private readonly before: Listing,
    private readonly wanted: WantedSubscription,
  ) {}

  /** Uses a free slot if the BMC has slots. Also finds the subscription if the answer to its request was lost. */
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

  /** Sets a slot; undefined if the BMC refuses the PATCH because it fills its slots itself on POST. */
  private async fill(slot: Subscription): Promise<Subscription | undefined> {
    const { bmc, options } = this.call;
    // The type of a free slot may be that of SNMP traps.
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
    throw redfishError(`Slot ${slot.path} accepted the subscription but does not show it.`);
  }

  private async add(): Promise<Subscription> {
    const { bmc, options } = this.call;
    const nothingHappened = async (): Promise<boolean> => this.among(await this.service.list()) === undefined;
    const reply = await this.send({}, async (body) =>
      bmc.post(this.service.collection, body, { ...options, nothingHappened }),
    );
    const made = (await this.named(reply)) ?? (await settle(this.call, async () => this.madeOrSame()));
    if (made !== undefined) return made;
    throw redfishError(`${reply.url} answered ${reply.status}, and shows no new subscription.`);
  }

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
      if (better === undefined) {
        if (isUnknown('EventTypes', error)) bmc.learn(REFUSED, [...without, 'EventTypes'].join(','));
        throw error;
      }
      const reply = await attempt(better.body);
      if (better.unknown.length > 0) bmc.learn(REFUSED, [...without, ...better.unknown].join(','));
      return reply;
    }
  }

  private async named({ location, body }: RedfishReply): Promise<Subscription | undefined> {
    for (const path of [location, linkOf(body)]) {
      const found = path === undefined ? undefined : await this.service.read(path);
      const isOfCollection = found !== undefined && Object.hasOwn(found.body, 'Destination');
      if (isOfCollection && (this.isNew(found) || found.fits(this.wanted))) return found;
    }
    return undefined;
  }

  /** After a success: the new subscription, or the same one where a BMC has replaced it. */
  private async madeOrSame(): Promise<Subscription | undefined> {
    const listing = await this.service.list();
    return this.among(listing) ?? listing.subscriptions.find((each) => each.isSame(this.wanted));
  }

  private async listed(): Promise<Subscription | undefined> {
    return this.among(await this.service.list());
  }

  /** Finds the new subscription by Destination and Context, else as the only one: a BMC may rewrite a Destination. */
  private among({ subscriptions }: Listing): Subscription | undefined {
    const fresh = subscriptions.filter((subscription) => !subscription.isFree && this.isNew(subscription));
    const fitting = fresh.find((subscription) => subscription.fits(this.wanted));
    return fitting ?? (fresh.length === 1 ? fresh[0] : undefined);
  }

  private isNew({ path }: Subscription): boolean {
    const free = this.before.subscriptions.filter((subscription) => subscription.isFree);
    const used = this.before.paths.filter((known) => !free.some((slot) => samePath(slot.path, known)));
    return !used.some((known) => samePath(known, path));
  }

  /** After a failure: the subscription, if it exists now; undefined if it does not or the BMC cannot be read. */
  private async lookAgain(failure: RedfishError): Promise<Subscription | undefined> {
    // The BMC finishes a task although its monitor, on another origin, cannot be followed.
    const isUnderWay = failure.code === 'foreign-link';
    try {
      return isUnderWay ? await settle(this.call, async () => this.listed()) : await this.listed();
    } catch (error) {
      if (error instanceof RedfishError) return undefined;
      throw error;
    }
  }

  /** The error of a refusal: 400 for what the caller asked for; names a disabled event service as the cause. */
  private failure(error: unknown): unknown {
    if (!(error instanceof RedfishError) || error.status === undefined) return error;
    const { nodeUuid } = this.call;
    if (!this.service.isEnabled) {
      return redfishError(
        `Failed to create subscription on node ${nodeUuid}: the EventService is not enabled. ` +
          `Error: ${error.message}`,
        { cause: error },
      );
    }
    const names = error instanceof RedfishValidationError ? refusedArguments(this.wanted, error) : [];
    if (names.length === 0) return error;
    return new InvalidParameterValue(
      `The BMC of node ${nodeUuid} refuses ${names.join(' and ')}: ${error.message}`,
      { cause: error },
    );
  }
}

function mayHaveActed(error: unknown): error is RedfishError {
  if (error instanceof RedfishConnectionError) return !error.isUnsent;
  if (error instanceof RedfishTimeoutError) return error.phase !== 'connect';
  return error instanceof RedfishError && UNCLEAR.includes(error.code);
}
