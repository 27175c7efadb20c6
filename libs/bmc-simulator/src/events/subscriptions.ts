import { type Answer, type BmcRequest, empty, json } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { isJsonObject, type JsonObject, textOf } from '../tree/json.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type CreateAnswer } from '../misbehaviours/subscription-faults.js';
import { FOREIGN_ORIGIN, normalisePath } from '../tree/paths.js';
import { freshMember } from '../protocol/fresh-member.js';
import { checkSubscription } from './subscription-checks.js';
import { type Feature, type OwnedResources } from '../protocol/feature.js';
import { type Tasks } from '../protocol/tasks.js';
import { type ResourceTree } from '../tree/tree.js';
import { FREE_SLOT, type SubscriptionRules } from '../profiles/vendor-rules.js';

const UPDATABLE = ['Context', 'DeliveryRetryPolicy', 'HttpHeaders', 'VerifyCertificate'];

export class Subscriptions implements Feature {
  readonly resources: readonly OwnedResources[] = [
    {
      owns: (path) => path === this.collection,
      verbs: () => ['POST'],
      create: (request, origin) => this.create(request, origin),
    },
    {
      owns: (path) => path === `${this.collection}/Dead`,
      verbs: () => [],
      read: () => {
        const status = this.switches.get('deadSubscription');
        if (status) {
          throw new Refusal(status, { id: 'GeneralError', text: 'This subscription cannot be read.' });
        }
        return undefined;
      },
    },
    {
      owns: (path) => this.owns(path),
      verbs: () => [
        ...(this.switches.get('subscriptionsReadOnly') ? [] : ['PATCH' as const]),
        ...(this.switches.get('deleteAnswer') === '405' ? [] : ['DELETE' as const]),
      ],
      update: (path, body) => this.update(path, body),
      remove: (path) => this.remove(path),
    },
  ];
  private readonly headers = new Map<string, Record<string, string>>();

  constructor(
    private readonly tree: ResourceTree,
    readonly collection: string,
    private readonly rules: SubscriptionRules,
    private readonly tasks: Tasks,
    private readonly switches: Switches,
  ) {}

  get list(): JsonObject[] {
    return this.stored().filter(isUsed);
  }

  private owns(path: string): boolean {
    const wanted = normalisePath(path);
    return this.tree
      .members(this.collection)
      .some((member) => normalisePath(member) === wanted && this.tree.has(member));
  }

  private create({ body }: BmcRequest, origin: string): Answer {
    this.laySlots();
    if (this.isSlotted && this.switches.get('slotsPatchOnly')) {
      throw Refusal.notAllowed('POST', 'GET, HEAD');
    }
    const wanted = checkSubscription(body, this.rules, this.switches, this.list);
    if (this.list.length >= this.limit) {
      const text = 'No further subscription can be made.';
      throw new Refusal(503, { id: 'EventSubscriptionLimitExceeded', text });
    }
    const how = this.switches.get('createAnswer') ?? '201-location';
    if (how === '202-task') {
      const effect = (): Answer => this.created(this.store(wanted), '201-location', origin);
      return this.tasks.begin('Create subscription', effect, this.switches.get('taskSteps'));
    }
    return this.created(this.store(wanted), how, origin);
  }

  private update(path: string, body: JsonObject): Answer {
    const wrong = Object.keys(body).find((name) => !this.isSlotted && !UPDATABLE.includes(name));
    if (wrong !== undefined) {
      throw new Refusal(400, {
        id: 'PropertyNotWritable',
        text: `${wrong} cannot change.`,
        args: [wrong],
        related: [wrong],
      });
    }
    const isFilling = this.isSlotted && 'Destination' in body;
    this.keepHeaders(path, body);
    this.tree.patch(path, isFilling ? this.filled(body) : this.masked(body));
    return json(200, this.tree.get(path) ?? {});
  }

  private remove(path: string): Answer {
    const how = this.switches.get('deleteAnswer') ?? '204';
    switch (how) {
      case '403':
        throw new Refusal(403, { id: 'InsufficientPrivilege', text: 'The account may not delete this.' });
      case '404-but-there':
        throw Refusal.notFound(path);
      case '500':
        throw new Refusal(500, { id: 'InternalError', text: 'The request failed inside the service.' });
      case '202-task':
        return this.tasks.begin('Delete subscription', () => this.drop(path), this.switches.get('taskSteps'));
      case '500-but-done':
        this.drop(path);
        throw new Refusal(500, { id: 'InternalError', text: 'The request failed inside the service.' });
      case '200': {
        const gone = structuredClone(this.tree.get(path) ?? {});
        this.drop(path);
        return json(200, gone);
      }
      case '204':
      case '405':
        return this.drop(path);
    }
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

  openStream(): void {
    const told = this.switches.get('sseSubscription');
    const path = `${this.collection}/SSE-1`;
    if (told && !this.tree.has(path)) {
      this.tree.addMember(this.collection, path, {
        '@odata.id': path,
        '@odata.type': '#EventDestination.v1_8_0.EventDestination',
        Id: 'SSE-1',
        Name: 'Stream 1',
        Destination: told === true ? '' : '127.0.0.1',
        Context: 'stream',
        Protocol: 'Redfish',
        SubscriptionType: 'SSE',
      });
    }
  }

  headersOf(path: string): Record<string, string> {
    return this.headers.get(path) ?? {};
  }

  /** Adds the subscription of a client that reads the stream of events. Returns its path. */
  openSse(): string {
    const { id, path } = freshMember(this.tree, this.collection, this.rules.ids);
    this.tree.addMember(this.collection, path, {
      '@odata.id': path,
      '@odata.type': '#EventDestination.v1_8_0.EventDestination',
      Id: id,
      Name: `Stream ${id}`,
      Destination: '',
      Context: '',
      Protocol: 'Redfish',
      SubscriptionType: 'SSE',
    });
    return path;
  }

  closeSse(path: string): void {
    this.tree.removeMember(this.collection, path);
  }

  private get isSlotted(): boolean {
    return this.slots > 0;
  }

  private get slots(): number {
    const told = this.switches.get('slots');
    if (told === undefined) {
      return this.rules.style === 'slots' ? this.rules.limit : 0;
    }
    return typeof told === 'number' ? told : told ? 16 : 0;
  }

  private get limit(): number {
    return this.switches.get('subscriptionLimit') ?? (this.slots || this.rules.limit);
  }

  private stored(): JsonObject[] {
    return this.tree
      .members(this.collection)
      .map((path) => this.tree.get(path))
      .filter((resource) => resource !== undefined);
  }

  private store(body: JsonObject): JsonObject {
    if (this.isSlotted) {
      const slot = this.stored().find((resource) => !isUsed(resource));
      const path = textOf(slot?.['@odata.id']);
      this.tree.patch(path, this.filled(body));
      this.keepHeaders(path, body);
      return this.tree.get(path) ?? {};
    }
    const { id, path } = freshMember(this.tree, this.collection, this.rules.ids);
    this.keepHeaders(path, body);
    this.tree.addMember(this.collection, path, {
      '@odata.id': path,
      '@odata.type': '#EventDestination.v1_8_0.EventDestination',
      Id: id,
      Name: `Subscription ${id}`,
      ...this.filled(body),
      ...this.bent(body),
    });
    return this.tree.get(path) ?? {};
  }

  private bent({ Destination }: JsonObject): JsonObject {
    return {
      ...(this.switches.get('destinationMangled') && { Destination: new URL(textOf(Destination)).origin }),
      ...this.switches.get('subscriptionStores'),
      ...(this.switches.get('subscriptionDisabled') && { Status: { State: 'Disabled' } }),
    };
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

  private drop(path: string): Answer {
    this.headers.delete(path);
    if (this.isSlotted) {
      const id = textOf(this.tree.get(path)?.['Id'] ?? '');
      this.tree.set(path, freeSlot(path, id));
    } else {
      this.tree.removeMember(this.collection, path);
    }
    return empty(204);
  }

  private created(member: JsonObject, how: CreateAnswer, origin: string): Answer {
    const path = textOf(member['@odata.id']);
    switch (how) {
      case '201-body':
        return json(201, member);
      case '201-bare':
        return empty(201);
      case '200':
        return json(200, member);
      case '200-empty':
        return empty(200);
      case '204':
        return empty(204);
      case '204-location':
        return empty(204, { Location: path });
      case 'absolute-location':
        return json(201, member, { Location: origin + path });
      case 'absolute-location-foreign':
        return empty(201, { Location: FOREIGN_ORIGIN + path });
      case 'location-404':
        return empty(201, { Location: `${this.collection}/gone` });
      case '201-location':
      case '202-task':
        return json(201, member, { Location: path });
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
