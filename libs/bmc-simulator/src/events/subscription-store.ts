import { EVENT_DESTINATION } from './event-destination.js';
import { isJsonObject, type JsonObject, textOf } from '../tree/json.js';
import { type Switches } from '../misbehaviours/switches.js';
import { normalisePath } from '../tree/paths.js';
import { freshMember } from '../protocol/fresh-member.js';
import { type ResourceTree } from '../tree/tree.js';
import { FREE_SLOT, type SubscriptionRules } from '../profiles/vendor-rules.js';

/** The subscriptions of a BMC: members that come and go, or fixed slots. */
export class SubscriptionStore {
  private readonly headers = new Map<string, Record<string, string>>();

  constructor(
    private readonly tree: ResourceTree,
    readonly collection: string,
    private readonly rules: SubscriptionRules,
    private readonly switches: Switches,
  ) {}

  get list(): JsonObject[] {
    return this.stored().filter(isUsed);
  }

  owns(path: string): boolean {
    const wanted = normalisePath(path);
    return this.tree
      .members(this.collection)
      .some((member) => normalisePath(member) === wanted && this.tree.has(member));
  }

  clear(): void {
    this.tree.members(this.collection).forEach((path) => this.drop(path));
  }

  laySlots(): void {
    for (let serial = 1; serial <= this.slots; serial += 1) {
      const path = `${this.collection}/${serial}`;
      if (!this.tree.has(path)) {
        this.tree.addMember(this.collection, path, freeSlot(path, String(serial)));
      }
    }
  }

  /** The stream of another client, if the switch has one. */
  openStream(): void {
    const told = this.switches.get('sseSubscription');
    const path = `${this.collection}/SSE-1`;
    if (told && !this.tree.has(path)) {
      const Destination = told === true ? '' : '127.0.0.1';
      const stream = streamMember(path, 'SSE-1', { Destination, Context: 'stream' });
      this.tree.addMember(this.collection, path, stream);
    }
  }

  headersOf(path: string): Record<string, string> {
    return this.headers.get(path) ?? {};
  }

  /** Adds the subscription of a client that reads the stream of events. Returns its path. */
  openSse(): string {
    const { id, path } = freshMember(this.tree, this.collection, this.rules.ids);
    this.tree.addMember(this.collection, path, streamMember(path, id, { Destination: '', Context: '' }));
    return path;
  }

  closeSse(path: string): void {
    this.tree.removeMember(this.collection, path);
  }

  get isSlotted(): boolean {
    return this.slots > 0;
  }

  private get slots(): number {
    const told = this.switches.get('slots');
    if (told === undefined) {
      return this.rules.style === 'slots' ? this.rules.limit : 0;
    }
    return typeof told === 'number' ? told : told ? 16 : 0;
  }

  get limit(): number {
    return this.switches.get('subscriptionLimit') ?? (this.slots || this.rules.limit);
  }

  private stored(): JsonObject[] {
    return this.tree
      .members(this.collection)
      .map((path) => this.tree.get(path))
      .filter((resource) => resource !== undefined);
  }

  add(body: JsonObject): JsonObject {
    if (this.isSlotted) {
      const slot = this.stored().find((resource) => !isUsed(resource));
      const path = textOf(slot?.['@odata.id']);
      this.tree.patch(path, this.filled(body));
      this.keepHeaders(path, body);
      return this.get(path);
    }
    const { id, path } = freshMember(this.tree, this.collection, this.rules.ids);
    this.keepHeaders(path, body);
    this.tree.addMember(this.collection, path, {
      '@odata.id': path,
      '@odata.type': EVENT_DESTINATION,
      Id: id,
      Name: `Subscription ${id}`,
      ...this.filled(body),
      ...this.bent(body),
    });
    return this.get(path);
  }

  private bent({ Destination }: JsonObject): JsonObject {
    return {
      ...(this.switches.get('destinationMangled') && { Destination: new URL(textOf(Destination)).origin }),
      ...this.switches.get('subscriptionStores'),
      ...(this.switches.get('subscriptionDisabled') && { Status: { State: 'Disabled' } }),
    };
  }

  /** Changes a subscription; a Destination fills a slot. */
  change(path: string, body: JsonObject): JsonObject {
    const isFilling = this.isSlotted && 'Destination' in body;
    this.keepHeaders(path, body);
    this.tree.patch(path, isFilling ? this.filled(body) : this.masked(body));
    return this.get(path);
  }

  get(path: string): JsonObject {
    return this.tree.get(path) ?? {};
  }

  private filled(body: JsonObject): JsonObject {
    return { Context: '', Protocol: 'Redfish', ...structuredClone(this.defaults), ...this.masked(body) };
  }

  private get defaults(): JsonObject {
    const entries = Object.entries(this.rules.defaults);
    return Object.fromEntries(
      entries.map(([name, value]) => [name, typeof value === 'object' && value ? [...value] : value]),
    );
  }

  private masked(body: JsonObject): JsonObject {
    return 'HttpHeaders' in body && !this.switches.get('echoesHttpHeaders')
      ? { ...body, HttpHeaders: [] }
      : body;
  }

  private keepHeaders(path: string, { HttpHeaders }: JsonObject): void {
    if (Array.isArray(HttpHeaders)) {
      const pairs = HttpHeaders.filter(isJsonObject).flatMap((header) => Object.entries(header));
      this.headers.set(path, Object.fromEntries(pairs.map(([name, value]) => [name, textOf(value)])));
    }
  }

  drop(path: string): void {
    this.headers.delete(path);
    if (this.isSlotted) {
      const id = textOf(this.tree.get(path)?.['Id'] ?? '');
      this.tree.set(path, freeSlot(path, id));
    } else {
      this.tree.removeMember(this.collection, path);
    }
  }
}

function isUsed(resource: JsonObject): boolean {
  const { Destination } = resource;
  return (
    isJsonObject(resource) &&
    typeof Destination === 'string' &&
    Destination !== FREE_SLOT &&
    Destination !== ''
  );
}

function freeSlot(path: string, id: string): JsonObject {
  return {
    '@odata.id': path,
    '@odata.type': '#EventDestination.v1_7_0.EventDestination',
    Id: id,
    Name: `EventSubscription ${id}`,
    Destination: FREE_SLOT,
    Context: null,
    Protocol: 'SNMPv1',
    SubscriptionType: 'SNMPTrap',
    EventTypes: [],
  };
}

function streamMember(path: string, id: string, fields: JsonObject): JsonObject {
  return {
    '@odata.id': path,
    '@odata.type': EVENT_DESTINATION,
    Id: id,
    Name: `Stream ${id}`,
    Protocol: 'Redfish',
    SubscriptionType: 'SSE',
    ...fields,
  };
}
