import { isJsonObject, linkOf, textAt, type JsonObject, type JsonValue } from '@ferrule/redfish';
import { redacted } from '../bmc/redact.js';

/** What Ironic returns of a subscription. HttpHeaders are never returned. */
const SHOWN = ['Id', 'Context', 'Protocol', 'Destination', 'EventTypes'];
/** The Destination of a free slot (Supermicro X10 to X13). */
export const FREE_DESTINATION = '0.0.0.0';

export class Subscription {
  constructor(
    readonly path: string,
    readonly body: JsonObject,
  ) {}

  /** A member of an expanded collection; undefined if it is only a link. */
  static expanded(member: JsonValue): Subscription | undefined {
    const path = linkOf(member);
    const isWhole = isJsonObject(member) && Object.hasOwn(member, 'Destination');
    return isWhole && path !== undefined ? new Subscription(path, member) : undefined;
  }

  get isFree(): boolean {
    const destination = this.body['Destination'];
    return destination === FREE_DESTINATION || destination === '' || destination === null;
  }

  fits({ Destination, Context }: { readonly Destination: string; readonly Context: string }): boolean {
    const own = textAt(this.body, 'Destination');
    const isSame = own !== undefined && (own === Destination || normal(own) === normal(Destination));
    return isSame && (textAt(this.body, 'Context') ?? '') === Context;
  }

  get view(): JsonObject {
    const fields = SHOWN.flatMap((name): [string, JsonValue][] => {
      const value = this.body[name];
      return value === undefined ? [] : [[name, value]];
    });
    return redacted(Object.fromEntries(fields));
  }
}

/** BMCs add a slash to a bare host and write names in lower case. */
function normal(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}
