import { type Answer, type BmcRequest, empty, json, text } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { type Etags } from '../protocol/etags.js';
import { type Features, parametersOf } from '../protocol/feature.js';
import { METADATA, metadataOf, ODATA, schemaLink, serviceDocumentOf } from '../protocol/metadata.js';
import { checkPatch } from '../protocol/patch-checks.js';
import { type Presenter } from '../protocol/presenter.js';
import { childObject, isJsonObject, type JsonObject, stringOf } from '../tree/json.js';
import { type Layout, ROOT } from '../tree/layout.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';
import { type Parts } from './parts.js';

/** Answers requests that may be answered, by the feature that owns the path or by the common rules. */
export class Router {
  constructor(
    private readonly tree: ResourceTree,
    private readonly layout: Layout,
    private readonly parts: Parts,
    private readonly features: Features,
    private readonly presenter: Presenter,
    private readonly etags: Etags,
    private readonly switches: Switches,
  ) {}

  answer(path: string, request: BmcRequest, origin: string): Answer {
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
        throw this.notAllowed(request.method, path);
    }
  }

  private get(path: string, request: BmcRequest): Answer {
    switch (path) {
      case '/redfish':
        return json(200, { v1: `${ROOT}/` });
      case METADATA:
        return text(200, metadataOf(this.tree), 'application/xml');
      case ODATA:
        return json(200, serviceDocumentOf(this.tree));
      case this.eventStream:
        return { status: 200, headers: { 'Content-Type': 'text/event-stream' }, isStream: true };
    }
    const own = this.features.owner(path)?.read?.(path);
    if (own) {
      return own;
    }
    const { subscriptions } = this.parts;
    subscriptions.laySlots();
    subscriptions.openStream();
    const shown = this.presenter.show(request);
    const { header } = this.etags.told(path);
    return json(200, shown, {
      Allow: this.allow(path),
      ...schemaLink(shown),
      ...(header !== undefined && { ETag: header }),
    });
  }

  private get eventStream(): string | undefined {
    return stringOf(this.tree.get(this.layout.eventService)?.['ServerSentEventUri']);
  }

  private post(path: string, request: BmcRequest, origin: string): Answer {
    const pushed = this.features.push(path, request);
    if (pushed) {
      return pushed;
    }
    if (request.rawBody !== '' && !/json/i.test(request.headers['content-type'] ?? '')) {
      throw Refusal.mediaType();
    }
    if (request.rawBody !== '' && request.body === undefined) {
      throw Refusal.malformed();
    }
    this.etags.checkPost(request);
    const [, resource, name] = /^(.*)\/Actions\/(?:Oem\/.*\/)?([^/]+)$/.exec(path) ?? [];
    if (resource !== undefined && name !== undefined) {
      return this.act(resource, name, request);
    }
    this.presenter.resource(path);
    const create = this.features.owner(path)?.create?.(request, origin);
    if (!create) {
      throw this.notAllowed('POST', path);
    }
    return create;
  }

  private act(path: string, name: string, request: BmcRequest): Answer {
    const actions = childObject(this.presenter.resource(path), 'Actions');
    const offered = actions[`#${name}`] ?? childObject(actions, 'Oem')[`#${name}`];
    if (!isJsonObject(offered)) {
      throw Refusal.notFound(request.path);
    }
    const action = this.features.action(name);
    // What a recording offers beyond the features has no effect here.
    return action?.({ path, name, offered, parameters: parametersOf(request), request }) ?? empty(204);
  }

  private patch(path: string, request: BmcRequest): Answer {
    this.presenter.resource(path);
    if (!isJsonObject(request.body)) {
      throw Refusal.malformed();
    }
    if (!this.allow(path).includes('PATCH')) {
      throw this.notAllowed('PATCH', path);
    }
    this.etags.check(request);
    const body: JsonObject = request.body;
    const own = this.features.owner(path)?.update?.(path, body);
    if (own) {
      return own;
    }
    const changes = checkPatch(this.tree.get(path) ?? {}, body);
    const effect = (): Answer => {
      this.tree.patch(path, changes);
      return json(200, this.presenter.resource(path));
    };
    return this.switches.get('patchTask')
      ? this.parts.tasks.begin(`Change ${path}`, effect, this.switches.get('taskSteps'))
      : effect();
  }

  private delete(path: string): Answer {
    const owner = this.features.owner(path);
    if (!owner) {
      this.presenter.resource(path);
    }
    const gone = owner?.verbs(path).includes('DELETE') ? owner.remove?.(path) : undefined;
    if (!gone) {
      throw this.notAllowed('DELETE', path);
    }
    return gone;
  }

  private notAllowed(method: string, path: string): Refusal {
    return Refusal.notAllowed(method, this.allow(path));
  }

  private allow(path: string): string {
    const resource = this.tree.get(path);
    const isReadOnly = /^#(?:ActionInfo|CertificateLocations)\./.test(
      stringOf(resource?.['@odata.type']) ?? '',
    );
    const isFixed = path === ROOT || isReadOnly || Array.isArray(resource?.['Members']);
    const verbs = this.features.owner(path)?.verbs(path) ?? (isFixed ? [] : ['PATCH']);
    return ['GET', 'HEAD', ...verbs].join(', ');
  }
}

/** The path of a request as it is looked up. A POST to the `Members` of a collection is one to the collection. */
export function placeOf({ method, path }: BmcRequest): string {
  const bare = normalisePath(path);
  return method === 'POST' ? bare.replace(/\/Members$/, '') : bare;
}
