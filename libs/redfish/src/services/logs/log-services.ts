import { RedfishArgumentError, RedfishNotFoundError, RedfishUnsupportedError } from '../../errors.js';
import { actionTarget, linkOf, type JsonObject } from '../../json.js';
import { isUnreadable } from '../../resources/refusals.js';
import type { CallOptions, EachOptions, PageOptions, RedfishPage } from '../../types.js';
import { distinctPaths, lastSegment, samePath } from '../../wire/links.js';
import type { RedfishClient } from '../client.js';
import { sendCorrected } from '../corrections.js';
import { unreadWords, withKept, type Found, type Unread } from '../kept.js';
import { RedfishMissingError } from '../service-errors.js';

const CLEAR = '#LogService.ClearLog';
/** The logs of hardware events, by the Ids that vendors give them. */
const USUAL = /^(?:sel|iml|eventlog|standardlog|log1)$/i;

/** A log of a BMC. */
export interface Log {
  /** The last segment of its path, such as `SEL`, `IML` or `Lclog`. */
  readonly id: string;
  readonly path: string;
}

/** Some entries of a log, in the order of the BMC. */
export interface LogPage extends RedfishPage {
  readonly log: Log;
  /** All logs of the system and its managers, but for those of `unread`. */
  readonly logs: readonly Log[];
  readonly unread: readonly Unread[];
}

/** The entries of a log, in the order of the BMC. */
export interface OpenLog {
  readonly log: Log;
  readonly entries: AsyncGenerator<JsonObject, void, undefined>;
}

/**
 * The logs of a system and its managers. A log is named by its Id or path; without a name the log of hardware events is
 * meant, which vendors call SEL, IML, EventLog, StandardLog or Log1, else the first one. Every method rejects with a
 * RedfishError: with a RedfishArgumentError for a log that is not there, and with a RedfishMissingError if there is none at
 * all, or if the log has no `Entries`, as logs have that can only be fetched as a file.
 *
 * ```ts
 * const logs = new LogServices(bmc);
 * const { entries } = await logs.open('SEL');
 * for await (const entry of entries) console.log(entry['Created'], entry['Message']);
 * ```
 */
export class LogServices {
  constructor(readonly bmc: RedfishClient) {}

  /** All logs that can be read, read anew. */
  async list(options: CallOptions = {}): Promise<Log[]> {
    return (await this.#find(options)).lines.map(logAt);
  }

  /** A part of a log: one request once the log is known, where the BMC has `$expand`. */
  async page(name?: string, options: PageOptions = {}): Promise<LogPage> {
    return this.#with(name, options, async (log, logs, unread) => {
      const page = await this.#withEntries(log, options, async (path) => this.bmc.page(path, options));
      return { ...page, log, logs, unread };
    });
  }

  /**
   * Opens a whole log, of any length. Its first entry is read at once, the others as they are iterated.
   *
   * @param options `most` entries; default: no limit
   */
  async open(name?: string, options: EachOptions = {}): Promise<OpenLog> {
    return this.#with(name, options, async (log) =>
      this.#withEntries(log, options, async (path) => {
        const rest = this.bmc.each(path, { most: Infinity, ...options });
        const first = await rest.next();
        return { log, entries: resumed(first, rest) };
      }),
    );
  }

  /**
   * Clears a log. Sent once; a BMC that asks for `ClearType` gets it.
   *
   * @throws RedfishUnsupportedError for a log that cannot be cleared
   */
  async clear(name: string, options: CallOptions = {}): Promise<Log> {
    return this.#with(name, options, async (log) => {
      const { body, url } = await this.bmc.get(log.path, options);
      const target = actionTarget(body, CLEAR);
      if (target === undefined) throw new RedfishUnsupportedError(`${url} cannot be cleared.`, { url });
      // AMI requires it; the standard does not have it.
      await sendCorrected(
        {},
        1,
        async (sent) => this.bmc.post(target, sent, options),
        (sent, error) => (error.mentions('ClearType') ? { ...sent, ClearType: 'ClearAll' } : undefined),
      );
      return log;
    });
  }

  async #with<T>(
    name: string | undefined,
    options: CallOptions,
    use: (log: Log, logs: readonly Log[], unread: readonly Unread[]) => Promise<T>,
  ): Promise<T> {
    const find = async (): Promise<Found> => this.#find(options);
    return withKept(this.bmc, 'logs', find, async ({ lines, unread }) => {
      const logs = lines.map(logAt);
      return use(this.#chosen(logs, name, unread), logs, unread);
    });
  }

  /** Where the entries are is read from the log once. */
  async #withEntries<T>(log: Log, options: CallOptions, use: (path: string) => Promise<T>): Promise<T> {
    const find = async (): Promise<Found> => {
      const entries = linkOf((await this.bmc.get(log.path, options)).body['Entries']);
      if (entries === undefined) throw new RedfishMissingError('Entries', log.path);
      return { lines: [entries], unread: [] };
    };
    return withKept(this.bmc, `entries of ${log.path}`, find, async ({ lines: [path = ''] }) => use(path));
  }

  async #find(options: CallOptions): Promise<Found> {
    const system = await this.bmc.system(options);
    const { managers, unread: unreadManagers } = await this.bmc.findManagers(system, options);
    const paths: string[] = [];
    const unread: Unread[] = [];
    for (const { body } of [system, ...managers]) {
      const collection = linkOf(body['LogServices']);
      if (collection === undefined) continue;
      try {
        paths.push(...(await this.bmc.members(collection, options)));
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        // Some BMCs link collections that they do not have.
        if (!(error instanceof RedfishNotFoundError)) unread.push({ path: collection, error });
      }
    }
    unread.push(...unreadManagers);
    const [first] = unread;
    if (paths.length === 0 && first !== undefined) throw first.error;
    // A manager may link the logs of its system.
    return { lines: distinctPaths(paths), unread };
  }

  #chosen(logs: readonly Log[], name: string | undefined, unread: readonly Unread[]): Log {
    const [first] = logs;
    if (first === undefined) throw new RedfishMissingError('LogServices', this.bmc.target.root);
    if (name === undefined) return logs.find(({ id }) => USUAL.test(id)) ?? first;
    const found = logs.find(({ id, path }) => id === name || samePath(path, name));
    if (found !== undefined) return found;
    const ids = logs.map(({ id }) => id);
    const text = `There is no log ${name}; there are: ${ids.join(', ')}.${unreadWords(unread)}`;
    throw new RedfishArgumentError('log', text, ids);
  }
}

function logAt(path: string): Log {
  return { path, id: lastSegment(path) };
}

async function* resumed(
  first: IteratorResult<JsonObject, void>,
  rest: AsyncGenerator<JsonObject, void, undefined>,
): AsyncGenerator<JsonObject, void, undefined> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
