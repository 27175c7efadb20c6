import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, linkOf, textAt, type JsonObject, type JsonValue } from '../../json.js';
import { isGiven } from '../corrections.js';
import { CHANGEABLE, FILTERS, type WantedSubscription } from './wanted-subscription.js';

/** The Destination of a free slot (Supermicro X10 to X13). */
export const FREE_DESTINATION = '0.0.0.0';

/** A subscription as a BMC shows it, or a slot for one. */
export class Subscription {
  constructor(
    /** As the BMC links it. */
    readonly path: string,
    readonly body: JsonObject,
  ) {}

  /** The subscription in a member of a collection; undefined if the member is only a link. */
  static expanded(member: JsonValue): Subscription | undefined {
    const path = linkOf(member);
    const isWhole = isJsonObject(member) && (Object.hasOwn(member, 'Destination') || isStream(member));
    return isWhole && path !== undefined ? new Subscription(path, member) : undefined;
  }

  /** A slot that holds no subscription. The Destination of an open event stream is empty, too. */
  get isFree(): boolean {
    const destination = this.body['Destination'];
    if (isStream(this.body)) return false;
    return destination === FREE_DESTINATION || destination === '' || destination === null;
  }

  /** The BMC sends nothing to it, mostly because deliveries failed. */
  get isDisabled(): boolean {
    return textAt(this.body, 'Status', 'State') === 'Disabled';
  }

  /** Whether its Destination is this URI, in the BMC's spelling or the caller's. */
  sendsTo(destination: string): boolean {
    const own = textAt(this.body, 'Destination');
    return own !== undefined && (own === destination || normal(own) === normal(destination));
  }

  /** Whether it has the Destination and Context that were asked for. */
  fits({ Destination, Context = '' }: WantedSubscription): boolean {
    return this.sendsTo(Destination) && (textAt(this.body, 'Context') ?? '') === Context;
  }

  /** Whether it is all that was asked for, except what can be changed. */
  isSame(wanted: WantedSubscription): boolean {
    const { Protocol = 'Redfish' } = wanted;
    const isChosen = FILTERS.every((name) => {
      const values = wanted[name] ?? [];
      return values.length === 0 || isSameSet(this.body[name], values);
    });
    return this.fits(wanted) && (textAt(this.body, 'Protocol') ?? Protocol) === Protocol && isChosen;
  }

  /** What of the changeable properties it does not have, or does not show, as they were asked for. */
  changesTo(wanted: WantedSubscription): JsonObject {
    const names = CHANGEABLE.filter((name) => isGiven(wanted[name]) && !this.has(name, wanted));
    return Object.fromEntries(names.map((name) => [name, structuredClone(wanted[name]) as JsonValue]));
  }

  /** The names of properties that it shows with another value than was asked for. Header values are hidden. */
  differencesTo(wanted: WantedSubscription): string[] {
    const names = ['Protocol', ...FILTERS, 'DeliveryRetryPolicy', 'VerifyCertificate'] as const;
    return names.filter((name) => {
      const [own, asked] = [this.body[name] ?? undefined, wanted[name]];
      if (own === undefined || !isGiven(asked)) return false;
      return Array.isArray(asked) ? !isSameSet(own, asked) : own !== asked;
    });
  }

  private has(name: (typeof CHANGEABLE)[number], wanted: WantedSubscription): boolean {
    if (name !== 'HttpHeaders') return this.body[name] === wanted[name];
    return isDeepStrictEqual(headersIn(this.body[name]), headersIn(wanted[name]));
  }
}

/** Server-sent events to a client that holds the connection; on iDRAC9 the Destination is that client's address. */
function isStream(body: JsonObject): boolean {
  return body['SubscriptionType'] === 'SSE';
}

function isSameSet(value: JsonValue | undefined, wanted: readonly string[]): boolean {
  return Array.isArray(value) && isDeepStrictEqual(new Set(value), new Set<JsonValue>(wanted));
}

function headersIn(value: unknown): Set<string> {
  const headers: unknown[] = Array.isArray(value) ? value : [];
  const lines = headers.filter(isJsonObject).flatMap((header) => Object.entries(header));
  return new Set(lines.map(([name, text]) => JSON.stringify([name.toLowerCase(), text])));
}

/** BMCs add a slash to a bare host and write names in lower case. */
function normal(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
