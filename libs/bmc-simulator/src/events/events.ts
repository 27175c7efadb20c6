import { empty } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type Action, type Feature } from '../protocol/feature.js';
import { type Json, type JsonObject, link, stringOf, textOf } from '../tree/json.js';
import { type SubscriptionStore } from './subscription-store.js';

/** Sends an event to a subscriber. It may fail; nobody waits for it. */
export type Deliver = (
  destination: string,
  headers: Readonly<Record<string, string>>,
  event: JsonObject,
) => void;

/** Events that a stream can begin with. */
const MOST_KEPT = 100;

export interface EventRecord {
  /** Of EventDestination, as subscriptions choose them. */
  readonly type: 'Alert' | 'ResourceUpdated';
  readonly messageId: string;
  readonly message: string;
  readonly args?: readonly string[];
  readonly severity?: string;
  readonly origin: string;
}

export class Events implements Feature {
  readonly actions: Readonly<Record<string, Action>> = {
    'EventService.SubmitTestEvent': ({ path, parameters }) => {
      this.submit(parameters, path, this.switches.get('testEventRefuses'));
      return empty(204);
    },
  };
  private readonly streams = new Set<(text: string) => void>();
  /** The last ones, for streams that were lost. */
  private readonly streamed: { readonly id: number; readonly text: string }[] = [];
  private serial = 0;

  constructor(
    private readonly subscriptions: SubscriptionStore,
    private readonly deliver: Deliver,
    private readonly switches: Switches,
  ) {}

  emit(record: EventRecord): void {
    this.serial += 1;
    const id = String(this.serial);
    for (const subscription of this.subscriptions.list.filter((each) => wants(each, record))) {
      const path = textOf(subscription['@odata.id']);
      const event = eventOf(id, record, textOf(subscription['Context'] ?? ''));
      this.deliver(textOf(subscription['Destination']), this.subscriptions.headersOf(path), event);
    }
    const text = `id: ${id}\ndata: ${JSON.stringify(eventOf(id, record, ''))}\n\n`;
    this.streamed.push({ id: this.serial, text });
    this.streamed.splice(0, this.streamed.length - MOST_KEPT);
    this.streams.forEach((write) => write(text));
  }

  /**
   * Opens a stream, which is a subscription until the returned function is called. It begins with the events after the
   * last one that the client has seen.
   */
  open(write: (text: string) => void, lastSeen?: string): () => void {
    const path = this.subscriptions.openSse();
    const missed = lastSeen === undefined ? [] : this.streamed.filter(({ id }) => id > Number(lastSeen));
    missed.forEach(({ text }) => write(text));
    this.streams.add(write);
    return () => {
      this.streams.delete(write);
      this.subscriptions.closeSse(path);
    };
  }

  private submit(given: JsonObject, origin: string, refused: readonly string[] = []): void {
    const surplus = refused.find((name) => name in given);
    if (surplus !== undefined) {
      const text = `${surplus} is no parameter.`;
      throw new Refusal(400, { id: 'ActionParameterUnknown', text, args: ['SubmitTestEvent', surplus] });
    }
    const wrong = ['MessageId', 'Message', 'Severity', 'EventType', 'OriginOfCondition'].find(
      (name) => given[name] !== undefined && typeof given[name] !== 'string',
    );
    if (wrong !== undefined) {
      throw Refusal.badValue(wrong, typeof given[wrong], 'ActionParameterValueTypeError', 'SubmitTestEvent');
    }
    const { MessageArgs } = given;
    this.emit({
      type: 'Alert',
      messageId: stringOf(given['MessageId']) ?? 'ResourceEvent.1.0.ResourceChanged',
      message: stringOf(given['Message']) ?? 'This is a test event.',
      args: Array.isArray(MessageArgs) ? MessageArgs.map(textOf) : [],
      severity: stringOf(given['Severity']) ?? 'OK',
      origin: stringOf(given['OriginOfCondition']) ?? origin,
    });
  }
}

/** Whether a subscription chose an event: an empty choice is none. */
function wants(
  { EventTypes, RegistryPrefixes, MessageIds, ResourceTypes }: JsonObject,
  { type, messageId, origin }: EventRecord,
): boolean {
  const has = (list: Json | undefined, ...values: readonly string[]): boolean =>
    !Array.isArray(list) || list.length === 0 || list.some((each) => values.some((value) => value === each));
  const parts = messageId.split('.');
  const [prefix = ''] = parts;
  // Collections are named after what is in them: a Chassis is at /redfish/v1/Chassis/1.
  const collection = origin.split('/')[3] ?? '';
  return (
    has(EventTypes, type) &&
    has(RegistryPrefixes, prefix) &&
    has(MessageIds, messageId, `${prefix}.${parts.at(-1)}`) &&
    has(ResourceTypes, collection, collection.replace(/s$/, ''), `Computer${collection.replace(/s$/, '')}`)
  );
}

function eventOf(id: string, record: EventRecord, context: string): JsonObject {
  const { type, messageId, message, args = [], severity = 'OK', origin } = record;
  const entry = {
    EventId: id,
    MemberId: '0',
    EventType: type,
    EventTimestamp: new Date().toISOString(),
    MessageId: messageId,
    Message: message,
    MessageArgs: [...args],
    Severity: severity,
    OriginOfCondition: link(origin),
  };
  return {
    '@odata.type': '#Event.v1_4_0.Event',
    Id: id,
    Name: 'Event Array',
    Context: context,
    Events: [entry],
  };
}
