import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, linkOf, textAt, type JsonObject, type JsonValue } from '@ferrule/redfish';
import { redacted } from '../bmc/redact.js';
import { type WantedSubscription } from './subscription.args.js';

/** What Ironic returns of a subscription. HttpHeaders are never returned. */
const SHOWN = ['Id', 'Context', 'Protocol', 'Destination', 'EventTypes'];
/** The Destination of a free slot (Supermicro X10 to X13). */
export const FREE_DESTINATION = '0.0.0.0';

export class Subscription {
  constructor(
    readonly path: string,
    readonly body: JsonObject,
  ) {}

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

  private get isDisabled(): boolean {
    return textAt(this.body, 'Status', 'State') === 'Disabled';
  }

  fits({ Destination, Context }: WantedSubscription): boolean {
    return this.sendsTo(Destination) && (textAt(this.body, 'Context') ?? '') === Context;
  }

  private sendsTo(destination: string): boolean {
    const own = textAt(this.body, 'Destination');
    return own !== undefined && (own === destination || normal(own) === normal(destination));
  }

  /** Whether it is all that was asked for, as far as a BMC shows it: header values are hidden. */
  isSame(wanted: WantedSubscription): boolean {
    const { Protocol, EventTypes = [] } = wanted;
    const isOfTypes = EventTypes.length === 0 || isSameSet(this.body['EventTypes'], EventTypes);
    return this.fits(wanted) && (textAt(this.body, 'Protocol') ?? Protocol) === Protocol && isOfTypes;
  }

  hasHeaders({ HttpHeaders = [] }: WantedSubscription): boolean {
    return isDeepStrictEqual(headersIn(this.body['HttpHeaders']), headersIn(HttpHeaders));
  }

  /** Ironic's fields, and `Warnings` if the subscription does not do what was asked for. */
  view(wanted?: WantedSubscription): JsonObject {
    const fields = SHOWN.flatMap((name): [string, JsonValue][] => {
      const value = this.body[name];
      return value === undefined ? [] : [[name, value]];
    });
    const warnings = this.warnings(wanted);
    return redacted({
      ...Object.fromEntries(fields),
      ...(warnings.length > 0 ? { Warnings: warnings } : {}),
    });
  }

  private warnings(wanted: WantedSubscription | undefined): string[] {
    const isMangled = wanted !== undefined && !this.sendsTo(wanted.Destination);
    return [
      ...(this.isDisabled ? ['The BMC has disabled this subscription.'] : []),
      ...(isMangled ? [`The BMC has changed the Destination from ${wanted.Destination}.`] : []),
    ];
  }
}

/** Server-sent events to a client that holds the connection; on iDRAC9 the Destination is that client's address. */
function isStream(body: JsonObject): boolean {
  return body['SubscriptionType'] === 'SSE';
}

function isSameSet(value: JsonValue | undefined, wanted: readonly string[]): boolean {
  return Array.isArray(value) && isDeepStrictEqual(new Set(value), new Set<JsonValue>(wanted));
}

function headersIn(value: JsonValue | undefined): Set<string> {
  const headers = Array.isArray(value) ? value.filter(isJsonObject) : [];
  const lines = headers.flatMap((header) => Object.entries(header));
  return new Set(lines.map(([name, text]) => JSON.stringify([name.toLowerCase(), text])));
}

/** BMCs add a slash to a bare host and write names in lower case. */
function normal(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
