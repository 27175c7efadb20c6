const VERBS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', '*'];
/** The usual root, which patterns may name although a BMC behind a gateway has another one. */
const USUAL_ROOT = /^\/redfish\/v1(?=\/|\*|$)/;

interface Entry {
  readonly text: string;
  readonly verb: string;
  readonly path: RegExp;
}

/** What `redfish_request` may send: `GET /redfish/v1/*, PATCH …`. `*` is any verb, and in a path any text with slashes. */
export class RequestAllowList {
  private constructor(private readonly entries: readonly Entry[]) {}

  static parse(text: string): RequestAllowList {
    const entries = text.split(',').map((entry) => entry.trim().replace(/\s+/g, ' '));
    return new RequestAllowList(entries.filter((entry) => entry !== '').map(entryOf));
  }

  /** `place` is a path below the service root, without query and leading slash. */
  allows(verb: string, place: string): boolean {
    const bare = `/${place.replace(/\/+$/, '')}`;
    return this.entries.some((entry) => (entry.verb === '*' || entry.verb === verb) && entry.path.test(bare));
  }

  toString(): string {
    return this.entries.map(({ text }) => text).join(', ');
  }
}

function entryOf(text: string): Entry {
  const [verb = '', path = '', ...rest] = text.split(' ');
  if (!VERBS.includes(verb.toUpperCase()) || !path.startsWith('/') || rest.length > 0) {
    throw new TypeError(`must be a verb and a path each, for example "GET /redfish/v1/*"; '${text}' is not`);
  }
  const place = path.replace(USUAL_ROOT, '').replace(/\/+$/, '');
  const pattern = place
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  // `/*` matches the root itself, too.
  const source = place === '/*' || place === '*' ? '.*' : pattern || '/';
  return { text, verb: verb.toUpperCase(), path: new RegExp(`^${source}$`) };
}
