import {
  RedfishAccessError,
  RedfishForeignLinkError,
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishUnsupportedError,
} from '../errors.js';

/** Whether two paths name the same resource, with or without a slash at the end. */
export function samePath(left: string, right: string): boolean {
  return bare(left) === bare(right);
}

export function bare(path: string): string {
  return path.replace(/\/+$/, '') || '/';
}

/** The paths of different resources, in their order. */
export function distinctPaths(paths: readonly string[]): string[] {
  const first = new Map<string, string>();
  for (const path of paths) if (!first.has(bare(path))) first.set(bare(path), path);
  return [...first.values()];
}

/** The last segment of a path, mostly an Id, without escapes. */
export function lastSegment(path: string): string {
  const segment = bare(path).split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * Requests a path that no link named; if the answer says that it is not there, once more with or without the final slash.
 * Rejects with the first error.
 */
export async function inEitherForm<T>(
  path: string,
  ask: (path: string) => Promise<T>,
  isNotThere: (error: unknown) => boolean = isMissing,
): Promise<T> {
  try {
    return await ask(path);
  } catch (error) {
    if (!isNotThere(error)) throw error;
    try {
      return await ask(path.endsWith('/') ? bare(path) : `${path}/`);
    } catch (other) {
      throw isNotThere(other) ? error : other;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof RedfishNotFoundError || error instanceof RedfishUnsupportedError;
}

/** Whether an answer may be that of a BMC that has its service root only in the other form of its path. */
export function isNoRoot(error: unknown): boolean {
  return (
    isMissing(error) ||
    error instanceof RedfishAccessError ||
    (error instanceof RedfishResponseError && error.status !== undefined)
  );
}

/** Members of the service root by which links begin that are relative to it. */
const SERVICES =
  /^(Systems|Managers|Chassis|SessionService|AccountService|EventService|TaskService|UpdateService|JobService|Registries|CertificateService|TelemetryService)\//;

/** Some firmware omits the leading slash, or names what is below the root. Neither is meant relative to the request. */
function rooted(link: string, root: string): string {
  if (link.startsWith('redfish/') || link.startsWith(root.slice(1))) return `/${link}`;
  return SERVICES.test(link) ? root + link : link;
}

export class Links {
  readonly #origins: ReadonlySet<string>;

  /** `aliases` are other origins whose links mean this BMC; only the path of such a link is used. */
  constructor(
    readonly origin: string,
    readonly root: string,
    aliases: readonly string[] = [],
  ) {
    this.#origins = new Set([origin, ...aliases.map((alias) => new URL(alias).origin)]);
  }

  url(path: string): string {
    return this.origin + path;
  }

  /**
   * The path to request, with its query; a relative link starts at `base`, by default the service root. Escapes and
   * slashes at the end are kept.
   *
   * @throws RedfishForeignLinkError
   */
  resolve(link: string, base = this.root): string {
    const found = this.locate(link, base);
    if (found.path !== undefined) return found.path;
    throw new RedfishForeignLinkError(
      `A link leads from ${this.origin} to ${found.foreign}, which was not followed. ` +
        'If that is the same BMC under another address, configure it as an alias.',
      { url: this.url(base) },
    );
  }

  /** Like `resolve`, but returns a foreign link, without userinfo and query, instead of throwing. */
  locate(
    link: string,
    base = this.root,
  ): { path: string; foreign?: never } | { path?: never; foreign: string } {
    let url: URL;
    try {
      url = new URL(rooted(link, this.root), this.origin + base);
    } catch {
      return { foreign: 'an address that is no URL' };
    }
    if (this.#origins.has(url.origin)) return { path: url.pathname + url.search };
    return { foreign: url.origin === 'null' ? `${url.protocol} address` : url.origin + url.pathname };
  }
}
