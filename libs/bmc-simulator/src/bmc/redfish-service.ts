import { type Accounts, type Credentials } from '../access/accounts.js';
import { type Deliver } from '../events/events.js';
import { type SubscriptionStore } from '../events/subscription-store.js';
import { type MediaStore } from '../media/media-store.js';
import { type Answer, type BmcRequest } from '../messages/answer.js';
import { quoting, Refusal, refusalAnswer } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type VendorRules } from '../profiles/vendor-rules.js';
import { Etags } from '../protocol/etags.js';
import { Features } from '../protocol/feature.js';
import { METADATA, ODATA } from '../protocol/metadata.js';
import { Presenter } from '../protocol/presenter.js';
import { type Tasks } from '../protocol/tasks.js';
import { Access } from '../access/access.js';
import { type Sessions } from '../access/sessions.js';
import { completeLayout, type Layout, layoutOf, ROOT } from '../tree/layout.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';
import { type Parts, partsOf } from './parts.js';
import { placeOf, Router } from './router.js';

const PUBLIC = new Set(['/redfish', ROOT, ODATA, METADATA]);

/** Answers requests for the resources of one BMC by the vendor's rules, without sockets. */
export class RedfishService {
  private readonly layout: Layout;
  private readonly parts: Parts;
  private readonly access: Access;
  private readonly router: Router;

  constructor(
    tree: ResourceTree,
    private readonly rules: VendorRules,
    credentials: Credentials,
    private readonly switches: Switches,
    deliver: Deliver,
  ) {
    this.layout = layoutOf(tree);
    completeLayout(tree, this.layout);
    this.parts = partsOf(tree, this.layout, rules, { credentials, switches, deliver });
    this.access = new Access(this.parts.sessions, switches);
    const features = new Features(this.parts.features);
    const etags = new Etags(tree, rules.etag, switches);
    const presenter = new Presenter(tree, this.layout, features, etags, switches);
    this.router = new Router(tree, this.layout, this.parts, features, presenter, etags, switches);
    this.subscriptions.laySlots();
  }

  get accounts(): Accounts {
    return this.parts.accounts;
  }

  get sessions(): Sessions {
    return this.parts.sessions;
  }

  get subscriptions(): SubscriptionStore {
    return this.parts.subscriptions;
  }

  get media(): MediaStore {
    return this.parts.media;
  }

  get tasks(): Tasks {
    return this.parts.tasks;
  }

  /** Whether the BMC restarts at the moment, and answers nothing. */
  get isAway(): boolean {
    return this.parts.managers.isAway;
  }

  /** Writes events to `write` until the returned function is called; first those after `lastSeen`. */
  stream(write: (text: string) => void, lastSeen?: string): () => void {
    return this.parts.events.open(write, lastSeen);
  }

  /** Whether a request is for the root or a login, which most misbehaviours leave alone. */
  isLogin({ path }: Pick<BmcRequest, 'path'>): boolean {
    const bare = normalisePath(path);
    const { collection } = this.sessions;
    return bare === '/redfish' || bare === ROOT || bare === collection || bare.startsWith(`${collection}/`);
  }

  /** `origin` is this BMC's own, for absolute links. */
  handle(request: BmcRequest, origin: string): Answer {
    try {
      const path = placeOf(request);
      this.admit(path, request);
      const answer = this.router.answer(path, request, origin);
      this.announce(request, answer);
      if (this.switches.applies('doneBut500', request)) {
        throw new Refusal(500, { id: 'InternalError', text: 'The request failed.' });
      }
      return answer;
    } catch (error) {
      if (error instanceof Refusal) {
        const told = this.switches.get('quotesRequests') ? quoting(error, request) : error;
        return refusalAnswer(told, this.rules.errors, this.switches.get('errorShape'));
      }
      throw error;
    }
  }

  private admit(path: string, request: BmcRequest): void {
    const isLoginPost = request.method === 'POST' && path === this.sessions.collection;
    const version = request.headers['odata-version'];
    if (version !== undefined && version !== '4.0') {
      const said = `This service speaks OData 4.0, not ${version}.`;
      throw new Refusal(412, { id: 'PreconditionFailed', text: said });
    }
    if (!isLoginPost && (!PUBLIC.has(path) || request.method === 'POST')) {
      this.access.check(request);
    }
  }

  /** Tells subscribers of a change; a task has not changed anything yet. */
  private announce({ method, path }: BmcRequest, { status, isStream }: Answer): void {
    const bare = normalisePath(path);
    const isQuiet = this.isLogin({ path: bare }) || bare.startsWith(this.layout.eventService) || isStream;
    if (method === 'GET' || method === 'HEAD' || status >= 300 || status === 202 || isQuiet) {
      return;
    }
    const [origin = bare] = bare.split('/Actions/');
    this.parts.events.emit({
      type: 'ResourceUpdated',
      messageId: 'ResourceEvent.1.0.ResourceChanged',
      message: `The resource ${origin} was changed.`,
      origin,
    });
  }
}
