import { isJsonObject, linkOf, textAt, type JsonObject, type JsonValue } from '@ferrule/redfish';
import { redacted } from '../bmc/redact.js';

/** What Ironic shows of a subscription; HttpHeaders never come back. */
const SHOWN = ['Id', 'Context', 'Protocol', 'Destination', 'EventTypes'];
/** What a slot says that nobody uses (Supermicro X10 to X13). */
export const FREE_DESTINATION = '0.0.0.0';

/** An event subscription, or a slot for one. */
export class Subscription {
  constructor(
    readonly path: string,
    readonly body: JsonObject,
  ) {}

  /** A member of an expanded collection; undefined where it is a link only. */
  static expanded(member: JsonValue): Subscription | undefined {
    const path = linkOf(member);
    const isWhole = isJsonObject(member) && Object.hasOwn(member, 'Destination');
    return isWhole && path !== undefined ? new Subscription(path, member) : undefined;
  }

  /** Whether it is a slot that nobody uses. */
  get isFree(): boolean {
    const destination = this.body['Destination'];
    return destination === FREE_DESTINATION || destination === '' || destination === null;
  }

  /** Whether it sends events of this Context to this Destination. */
  fits({ Destination, Context }: { readonly Destination: string; readonly Context: string }): boolean {
    const own = textAt(this.body, 'Destination');
    const isSame = own !== undefined && (own === Destination || normal(own) === normal(Destination));
    return isSame && (textAt(this.body, 'Context') ?? '') === Context;
  }

  /** The five fields, as far as the BMC has them. */
  get view(): JsonObject {
    const fields = SHOWN.flatMap((name): [string, JsonValue][] => {
      const value = this.body[name];
      return value === undefined ? [] : [[name, value]];
    });
    return redacted(Object.fromEntries(fields));
  }
}

/** BMCs put a slash behind a bare host, and write names in lower case. */
function normal(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
