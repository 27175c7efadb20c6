import { type BmcRequest } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Expansion, type Query, queryOf, selected } from './queries.js';
import { type Etags } from './etags.js';
import { type Features } from './feature.js';
import {
  isJsonObject,
  childObject,
  type Json,
  type JsonObject,
  link,
  linkOf,
  linksOf,
  stringOf,
} from '../tree/json.js';
import { type Layout, ROOT } from '../tree/layout.js';
import { type Switches } from '../misbehaviours/switches.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';

/** Shows resources as clients see them, with the bending of switches. */
export class Presenter {
  constructor(
    private readonly tree: ResourceTree,
    private readonly layout: Layout,
    private readonly features: Features,
    private readonly etags: Etags,
    private readonly switches: Switches,
  ) {}

  show({ path, query }: BmcRequest): JsonObject {
    const shown = this.resource(path);
    const asked = queryOf(query, this.tree.get(ROOT));
    const { expansion, select } = asked;
    const isCollection = Array.isArray(shown['Members']);
    const whole = isCollection
      ? this.listed(path, shown, asked)
      : expansion === undefined
        ? shown
        : this.expanded(shown, expansion);
    return select === undefined ? whole : selected(whole, select);
  }

  resource(path: string): JsonObject {
    const bare = normalisePath(path);
    const resource = this.tree.get(bare);
    if (!resource || this.isHidden(bare)) {
      throw Refusal.notFound(path);
    }
    const stored = structuredClone(resource);
    const shown = this.features.owner(bare)?.show?.(bare, stored) ?? stored;
    this.bend(bare, shown);
    const { body } = this.etags.told(bare);
    delete shown['@odata.etag'];
    const padding = this.switches.get('hugeBody');
    return {
      ...shown,
      ...(body !== undefined && { '@odata.etag': body }),
      ...(padding !== undefined && { Padding: 'x'.repeat(padding) }),
    };
  }

  private isHidden(path: string): boolean {
    const { sessionService, sessions, eventService, subscriptions } = this.layout;
    const isBelow = (...parents: string[]): boolean =>
      parents.some((parent) => path === parent || path.startsWith(`${parent}/`));
    return (
      (this.switches.get('noSessionService') === true && isBelow(sessionService, sessions)) ||
      (this.switches.get('noEventService') === true && isBelow(eventService, subscriptions))
    );
  }

  private bend(path: string, shown: JsonObject): void {
    const { switches } = this;
    if (path === ROOT) {
      if (switches.get('noSessionService')) {
        delete shown['SessionService'];
      }
      if (switches.get('noSessionService') || switches.get('sessionsLinkHidden')) {
        delete childObject(shown, 'Links')['Sessions'];
      }
      if (switches.get('noEventService')) {
        delete shown['EventService'];
      }
    }
    if (path === this.layout.sessionService && switches.get('sessionServiceDisabled')) {
      shown['ServiceEnabled'] = false;
    }
    if (path === this.layout.eventService && switches.get('eventServiceDisabled')) {
      shown['ServiceEnabled'] = false;
    }
    if (switches.get('noBios')) {
      delete shown['Bios'];
    }
    const shared = switches.get('sharedMedia') && this.managerMedia(shown);
    if (shared) {
      shown['VirtualMedia'] = link(shared);
    }
    const isDeadBelow =
      (switches.get('deadMedium') && isMediaCollection(shown)) ||
      (switches.get('deadSubscription') && path === this.layout.subscriptions);
    if (isDeadBelow) {
      const members = [...linksOf(shown['Members']), `${path}/Dead`];
      shown['Members'] = members.map(link);
      shown['Members@odata.count'] = members.length;
    }
  }

  private managerMedia(shown: JsonObject): string | undefined {
    const managers = linksOf(childObject(shown, 'Links')['ManagedBy']);
    const collections = managers.map((path) => linkOf(this.tree.get(path)?.['VirtualMedia']));
    return collections.find((path) => path !== undefined);
  }

  private listed(path: string, shown: JsonObject, { top, skip, expansion }: Query): JsonObject {
    const links = linksOf(shown['Members']);
    const page = top ?? this.switches.get('pageSize') ?? links.length;
    const chosen = links.slice(skip, skip + page);
    const isAsked = expansion !== undefined && expansion !== 'links';
    const isExpanded = isAsked || isLogEntries(shown) || this.switches.get('expandsUnasked') === true;
    const next = skip + page < links.length && top === undefined;
    return {
      ...shown,
      Members: isExpanded ? chosen.map((member) => this.resource(member)) : chosen.map(link),
      ...(next && { 'Members@odata.nextLink': `${normalisePath(path)}?$skip=${skip + page}` }),
    };
  }

  /** A resource with the resources that it links in place of the links. */
  private expanded(value: JsonObject, expansion: Expansion, isBelowLinks = false): JsonObject {
    const entries = Object.entries(value).map(([key, item]): [string, Json | undefined] => {
      const isLinks = isBelowLinks || key === 'Links';
      const isMeant = expansion === 'all' || (expansion === 'links') === isLinks;
      const inline = (one: Json): Json => {
        const target = linkOf(one);
        if (target !== undefined) {
          return isMeant && this.tree.has(target) ? this.resource(target) : one;
        }
        return isJsonObject(one) ? this.expanded(one, expansion, isLinks) : one;
      };
      if (key === 'Actions' || item === undefined) {
        return [key, item];
      }
      return [key, Array.isArray(item) ? item.map(inline) : inline(item)];
    });
    return Object.fromEntries(entries);
  }
}

/** The schema of log entries has `AutoExpand`: the collection contains them whole. */
function isLogEntries(resource: JsonObject): boolean {
  return stringOf(resource['@odata.type'])?.startsWith('#LogEntryCollection.') ?? false;
}

function isMediaCollection(resource: JsonObject): boolean {
  return stringOf(resource['@odata.type'])?.startsWith('#VirtualMediaCollection.') ?? false;
}
