import { type Answer, type BmcRequest, empty, json } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type JsonObject, textOf } from '../tree/json.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type CreateAnswer } from '../misbehaviours/subscription-faults.js';
import { FOREIGN_ORIGIN } from '../tree/paths.js';
import { type SubscriptionStore } from './subscription-store.js';
import { checkChange, checkSubscription } from './subscription-checks.js';
import { type Feature, type OwnedResources } from '../protocol/feature.js';
import { type Tasks } from '../protocol/tasks.js';
import { type SubscriptionRules } from '../profiles/vendor-rules.js';

/** Creation, change and deletion of subscriptions, as the vendor and the switches have it. */
export class Subscriptions implements Feature {
  readonly resources: readonly OwnedResources[] = [
    {
      owns: (path) => path === this.store.collection,
      verbs: () => ['POST'],
      create: (request, origin) => this.create(request, origin),
    },
    {
      owns: (path) => path === `${this.store.collection}/Dead`,
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
      owns: (path) => this.store.owns(path),
      verbs: () => [
        ...(this.switches.get('subscriptionsReadOnly') ? [] : ['PATCH' as const]),
        ...(this.switches.get('deleteAnswer') === '405' ? [] : ['DELETE' as const]),
      ],
      update: (path, body) => this.update(path, body),
      remove: (path) => this.remove(path),
    },
  ];

  constructor(
    private readonly store: SubscriptionStore,
    private readonly rules: SubscriptionRules,
    private readonly tasks: Tasks,
    private readonly switches: Switches,
  ) {}

  private create({ body }: BmcRequest, origin: string): Answer {
    this.store.laySlots();
    if (this.store.isSlotted && this.switches.get('slotsPatchOnly')) {
      throw Refusal.notAllowed('POST', 'GET, HEAD');
    }
    const wanted = checkSubscription(body, this.rules, this.switches, this.store.list);
    if (this.store.list.length >= this.store.limit) {
      const text = 'No further subscription can be made.';
      throw new Refusal(503, { id: 'EventSubscriptionLimitExceeded', text });
    }
    const how = this.switches.get('createAnswer') ?? '201-location';
    if (how === '202-task') {
      const effect = (): Answer => this.created(this.store.add(wanted), '201-location', origin);
      return this.tasks.begin('Create subscription', effect, this.switches.get('taskSteps'));
    }
    return this.created(this.store.add(wanted), how, origin);
  }

  private update(path: string, body: JsonObject): Answer {
    checkChange(body, this.rules, this.switches, this.store.isSlotted);
    return json(200, this.store.change(path, body));
  }

  private remove(path: string): Answer {
    const how = this.switches.get('deleteAnswer') ?? '204';
    switch (how) {
      case '403':
        throw new Refusal(403, { id: 'InsufficientPrivilege', text: 'The account may not delete this.' });
      case '404-but-there':
        throw Refusal.notFound(path);
      case '500':
        throw Refusal.internal();
      case '202-task':
        return this.tasks.begin(
          'Delete subscription',
          () => this.dropped(path),
          this.switches.get('taskSteps'),
        );
      case '500-but-done':
        this.store.drop(path);
        throw Refusal.internal();
      case '200': {
        const gone = structuredClone(this.store.get(path));
        this.store.drop(path);
        return json(200, gone);
      }
      case '204':
      case '405':
        return this.dropped(path);
    }
  }

  private dropped(path: string): Answer {
    this.store.drop(path);
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
        return empty(201, { Location: `${this.store.collection}/gone` });
      case '201-location':
      case '202-task':
        return json(201, member, { Location: path });
    }
  }
}
