import { Access } from './access.js';
import { type Answer, type BmcRequest, empty, json, text } from '../messages/answer.js';
import { quoting, Refusal, refusalAnswer } from '../messages/errors.js';
import { Bios } from './bios.js';
import { Etags } from './etags.js';
import { type Deliver, Events } from './events.js';
import { isJsonObject, childObject, type JsonObject, stringOf } from '../tree/json.js';
import { completeLayout, layoutOf, ROOT } from '../tree/layout.js';
import { type Switches } from '../misbehaviours/switches.js';
import { normalisePath } from '../tree/paths.js';
import { Maintenance } from './maintenance.js';
import { METADATA, metadataOf, ODATA, schemaLink, serviceDocumentOf } from './metadata.js';
import { checkPatch } from './patch-checks.js';
import { Presenter } from './presenter.js';
import { reset } from './resets.js';
import { type Credentials, Sessions } from './sessions.js';
import { Subscriptions } from './subscriptions.js';
import { Tasks } from './tasks.js';
import { type ResourceTree } from '../tree/tree.js';
import { type VendorRules } from '../profiles/vendor-rules.js';
import { VirtualMedia } from './virtual-media.js';

const PUBLIC = new Set(['/redfish', ROOT, ODATA, METADATA]);

/** Answers requests for the resources of one BMC by the vendor's rules, without sockets. */
export class RedfishService {
  readonly sessions: Sessions;
  readonly subscriptions: Subscriptions;
  readonly media: VirtualMedia;
  readonly tasks: Tasks;
  readonly events: Events;
  private readonly eventService: string;
  private readonly bios: Bios;
  private readonly maintenance: Maintenance;
  private readonly etags: Etags;
  private readonly access: Access;
  private readonly presenter: Presenter;
  private backAt = 0;

  constructor(
    private readonly tree: ResourceTree,
    private readonly rules: VendorRules,
    credentials: Credentials,
    private readonly switches: Switches,
    deliver: Deliver,
  ) {
    const layout = layoutOf(tree);
    completeLayout(tree, layout);
    this.sessions = new Sessions(tree, layout.sessions, rules.sessions, credentials, switches);
    this.tasks = new Tasks(tree, layout.tasks, rules.taskLocation);
    this.subscriptions = new Subscriptions(
      tree,
      layout.subscriptions,
      rules.subscriptions,
      this.tasks,
      switches,
    );
    this.events = new Events(this.subscriptions, deliver);
    this.media = new VirtualMedia(tree, rules.media, this.tasks, switches);
    this.bios = new Bios(tree, this.tasks, switches);
    this.maintenance = new Maintenance(tree, this.tasks, switches);
    this.etags = new Etags(tree, rules.etag, switches);
    this.access = new Access(this.sessions, switches);
    this.presenter = new Presenter(tree, layout, this.media, this.etags, switches);
    this.subscriptions.laySlots();
    this.eventService = layout.eventService;
  }

  /** Whether the BMC restarts at the moment, and answers nothing. */
  get isAway(): boolean {
    return performance.now() < this.backAt;
  }

  private get eventStream(): string | undefined {
    return stringOf(this.tree.get(this.eventService)?.['ServerSentEventUri']);
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
      const answer = this.route(request, origin);
      this.announce(request, answer);
      return answer;
    } catch (error) {
      if (error instanceof Refusal) {
        const told = this.switches.get('quotesRequests') ? quoting(error, request) : error;
        return refusalAnswer(told, this.rules.errors, this.switches.get('errorShape'));
      }
      throw error;
    }
  }

  /** Tells subscribers of a change; a task has not changed anything yet. */
  private announce({ method, path }: BmcRequest, { status, isStream }: Answer): void {
    const bare = normalisePath(path);
    const isQuiet = this.isLogin({ path: bare }) || bare.startsWith(this.eventService) || isStream;
    if (method === 'GET' || method === 'HEAD' || status >= 300 || status === 202 || isQuiet) {
      return;
    }
    const [origin = bare] = bare.split('/Actions/');
    this.events.emit({
      type: 'ResourceUpdated',
      messageId: 'ResourceEvent.1.0.ResourceChanged',
      message: `The resource ${origin} was changed.`,
      origin,
    });
  }

  private route(request: BmcRequest, origin: string): Answer {
    const path = placeOf(request);
    const isLoginPost = request.method === 'POST' && path === this.sessions.collection;
    const isOpen = isLoginPost || (PUBLIC.has(path) && request.method !== 'POST');
    const version = request.headers['odata-version'];
    if (version !== undefined && version !== '4.0') {
      const said = `This service speaks OData 4.0, not ${version}.`;
      throw new Refusal(412, { id: 'PreconditionFailed', text: said });
    }
    if (isLoginPost && this.switches.get('noSessionService')) {
      throw Refusal.notFound(request.path);
    }
    if (!isOpen) {
      this.access.check(request);
    }
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return this.get(path, request);
      case 'POST':
        return this.post(path, request, origin);
      case 'PATCH':
        return this.patch(path, request);
      case 'DELETE':
        return this.delete(path);
      default:
        throw Refusal.notAllowed(request.method, this.allow(path));
    }
  }

  private get(path: string, request: BmcRequest): Answer {
    if (path === '/redfish') {
      return json(200, { v1: `${ROOT}/` });
    }
    const dead = this.switches.get(this.isSubscription(path) ? 'deadSubscription' : 'deadMedium');
    if (dead && path.endsWith('/Dead')) {
      throw new Refusal(dead, { id: 'GeneralError', text: 'This resource cannot be read.' });
    }
    const deadManager = this.switches.get('deadManager');
    if (deadManager && /\/Managers\/[^/]+$/.test(path)) {
      throw new Refusal(deadManager, { id: 'GeneralError', text: 'This manager cannot be read.' });
    }
    if (path === METADATA) {
      return text(200, metadataOf(this.tree), 'application/xml');
    }
    if (path === ODATA) {
      return json(200, serviceDocumentOf(this.tree));
    }
    if (path === this.eventStream) {
      return { status: 200, headers: { 'Content-Type': 'text/event-stream' }, isStream: true };
    }
    const task = this.tasks.read(path);
    if (task) {
      return task;
    }
    this.subscriptions.laySlots();
    this.subscriptions.openStream();
    const shown = this.presenter.show(request);
    const { header } = this.etags.told(path);
    return json(200, shown, {
      Allow: this.allow(path),
      ...schemaLink(shown),
      ...(header !== undefined && { ETag: header }),
    });
  }

  private post(path: string, request: BmcRequest, origin: string): Answer {
    if (request.rawBody !== '' && !/json/i.test(request.headers['content-type'] ?? '')) {
      throw Refusal.mediaType();
    }
    if (request.rawBody !== '' && request.body === undefined) {
      throw Refusal.malformed();
    }
    this.etags.checkPost(request);
    if (path === this.sessions.collection) {
      return this.sessions.login(request.body, origin);
    }
    if (path === this.subscriptions.collection) {
      this.presenter.resource(path);
      return this.subscriptions.create(request, origin);
    }
    const [, resource, action] = /^(.*)\/Actions\/(?:Oem\/.*\/)?([^/]+)$/.exec(path) ?? [];
    if (resource !== undefined && action !== undefined) {
      return this.act(resource, action, request);
    }
    this.presenter.resource(path);
    throw Refusal.notAllowed('POST', this.allow(path));
  }

  private act(path: string, action: string, request: BmcRequest): Answer {
    if (this.media.owns(path)) {
      return this.media.act(path, action, request);
    }
    const offered = childObject(this.presenter.resource(path), 'Actions');
    if (!isJsonObject(offered[`#${action}`])) {
      throw Refusal.notFound(request.path);
    }
    const maintained = this.maintenance.act(path, action, request.body);
    if (maintained) {
      return maintained;
    }
    if (action === 'EventService.SubmitTestEvent') {
      this.events.submit(request.body, path, this.switches.get('testEventRefuses'));
    }
    if (action.endsWith('.Reset')) {
      reset(this.tree, path, childObject(offered, `#${action}`), request.body);
      this.bios.restarted(path);
    }
    if (action === 'Manager.Reset') {
      this.restart(path);
    }
    return empty(204);
  }

  private restart(manager: string): void {
    if (this.tree.get(manager)?.['LastResetTime'] !== undefined) {
      this.tree.patch(manager, { LastResetTime: new Date().toISOString() });
    }
    this.sessions.expireAll();
    this.backAt = performance.now() + (this.switches.get('resetOutage') ?? 0);
  }

  private patch(path: string, request: BmcRequest): Answer {
    this.presenter.resource(path);
    if (!isJsonObject(request.body)) {
      throw Refusal.malformed();
    }
    if (!this.allow(path).includes('PATCH') && !this.media.owns(path)) {
      throw Refusal.notAllowed('PATCH', this.allow(path));
    }
    this.etags.check(request);
    const body: JsonObject = request.body;
    if (this.media.owns(path)) {
      return this.media.patch(path, body);
    }
    if (this.subscriptions.owns(path)) {
      return this.subscriptions.update(path, body);
    }
    if (this.bios.owns(path)) {
      return this.bios.patch(path, body);
    }
    const changes = checkPatch(this.tree.get(path) ?? {}, body);
    const effect = (): Answer => {
      this.tree.patch(path, changes);
      return json(200, this.presenter.resource(path));
    };
    return this.switches.get('patchTask')
      ? this.tasks.begin(`Change ${path}`, effect, this.switches.get('taskSteps'))
      : effect();
  }

  private delete(path: string): Answer {
    const task = this.tasks.cancel(path);
    if (task) {
      return task;
    }
    if (this.sessions.close(path)) {
      return empty(204);
    }
    this.presenter.resource(path);
    if (this.subscriptions.owns(path)) {
      return this.subscriptions.remove(path);
    }
    throw Refusal.notAllowed('DELETE', this.allow(path));
  }

  private isSubscription(path: string): boolean {
    return path.startsWith(`${this.subscriptions.collection}/`);
  }

  private allow(path: string): string {
    if (path === this.sessions.collection || path === this.subscriptions.collection) {
      return 'GET, HEAD, POST';
    }
    if (this.subscriptions.owns(path)) {
      const written = [
        ...(this.switches.get('subscriptionsReadOnly') ? [] : ['PATCH']),
        ...(this.switches.get('deleteAnswer') === '405' ? [] : ['DELETE']),
      ];
      return ['GET', 'HEAD', ...written].join(', ');
    }
    if (this.sessions.owns(path)) {
      return 'GET, HEAD, DELETE';
    }
    if (path === ROOT || Array.isArray(this.tree.get(path)?.['Members'])) {
      return 'GET, HEAD';
    }
    return this.media.owns(path) && !this.media.acceptsPatch ? 'GET, HEAD' : 'GET, HEAD, PATCH';
  }
}

function placeOf({ method, path }: BmcRequest): string {
  const bare = normalisePath(path);
  return method === 'POST' ? bare.replace(/\/Members$/, '') : bare;
}
