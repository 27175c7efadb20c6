import type { ClientAccess } from '../access/client-access.js';
import { published, resourceIn } from '../wire/answer.js';
import { readCollection } from '../resources/collection.js';
import { eachMember, firstPage, readPage, type MembersPlan } from '../resources/members.js';
import { findManagers, findSystem, type FoundManagers } from '../resources/discovery.js';
import { linksOf, type JsonObject } from '../json.js';
import { behaviourOf, quirksOf, type Behaviour, type BmcIdentity, type Quirk } from '../quirks/quirks.js';
import { identityOf } from '../quirks/identity.js';
import { type OnChange, rehearsalAccess } from '../access/rehearsal-access.js';
import type { RedfishTarget } from '../target.js';
import { RedfishTask } from './task.js';
import { download } from '../resources/download.js';
import { send } from '../resources/sending.js';
import type {
  CallOptions,
  EachOptions,
  PageOptions,
  RedfishDownload,
  RedfishPage,
  RedfishReply,
  RedfishRequest,
  RedfishResource,
  RedfishUpload,
  WriteOptions,
} from '../types.js';

/** Reads and changes the resources of one BMC. Every method rejects with a RedfishError, or with `signal.reason`. */
export class RedfishClient {
  /** @internal made by `RedfishPool` */
  constructor(
    /** How the BMC is reached. */
    readonly target: RedfishTarget,
    /** @internal */
    readonly access: () => ClientAccess,
  ) {}

  /** Scheme, host and port of the BMC. */
  get origin(): string {
    return this.target.origin;
  }

  /**
   * The absolute path of a path or link, with `..` resolved, escapes and slashes unchanged. Compare this path, not the
   * original text, with a list of allowed paths.
   *
   * @throws RedfishForeignLinkError
   */
  resolve(path: string): string {
    return this.access().bmc.links.resolve(path);
  }

  /** The service root; read once and kept until a connection fails, unless `fresh`. */
  async root(options: CallOptions & { readonly fresh?: boolean } = {}): Promise<RedfishResource> {
    const access = this.access();
    return access.use(async () => access.root(options, options.fresh));
  }

  /** Reads a resource. An answer without one is a RedfishResponseError. */
  async get(path: string, options: CallOptions = {}): Promise<RedfishResource> {
    return resourceIn(await this.request({ ...options, method: 'GET', path }));
  }

  /** Creates a member or runs an action. Without `body` none is sent, not even `{}`. Never sends If-Match. */
  async post(path: string, body?: JsonObject, options: WriteOptions = {}): Promise<RedfishReply> {
    return this.request({ ...options, method: 'POST', path, body });
  }

  /** Changes properties, with If-Match in the form this BMC accepts. */
  async patch(path: string, body: JsonObject, options: WriteOptions = {}): Promise<RedfishReply> {
    return this.request({ ...options, method: 'PATCH', path, body });
  }

  /** Deletes a resource. Also succeeds if an earlier try of the same call, whose answer was lost, deleted it. */
  async delete(path: string, options: WriteOptions = {}): Promise<RedfishReply> {
    return this.request({ ...options, method: 'DELETE', path });
  }

  /**
   * Reads anything, of any size, as a stream. An error of the BMC, a login and a retry come before it begins; then
   * `firstByte` limits the wait for each further piece, and `total` the time in which nobody reads.
   *
   * ```ts
   * const { body } = await bmc.download('/redfish/v1/Systems/1/LogServices/Dump/attachment');
   * await pipeline(body, createWriteStream('dump.bin'));
   * ```
   *
   * @param options `timeout` in milliseconds until the body begins
   */
  async download(
    path: string,
    options: Pick<CallOptions, 'signal' | 'timeout'> = {},
  ): Promise<RedfishDownload> {
    return download(this.access(), path, options);
  }

  /**
   * Sends a file as the standard's multipart push, without holding it in memory. It is never sent twice: once a part of
   * it has left, every failure is final. `firstByte` limits the wait for each piece, `total` that for the answer.
   *
   * @param path `MultipartHttpPushUri` of the UpdateService
   * @param options `timeout` in milliseconds for the whole call; default: none
   */
  async upload(path: string, upload: RedfishUpload, options: WriteOptions = {}): Promise<RedfishReply> {
    return this.request({ ...options, method: 'POST', path, upload });
  }

  /**
   * Sends any request; the task of a 202 is followed to its end unless `follow` is false. An abort, or the `task` timeout,
   * ends only the waiting: to cancel tasks use `start`.
   */
  async request(request: RedfishRequest): Promise<RedfishReply> {
    const access = this.access();
    const { signal, onProgress } = request;
    return access.use(async () => {
      const reply = await send(access, request);
      if (reply.status !== 202 || request.follow === false || request.method === 'GET') {
        return published(reply);
      }
      const task = RedfishTask.of(request, reply, this.access);
      return task === undefined ? published(reply) : task.wait({ signal, onProgress });
    });
  }

  /**
   * Sends a request and returns at once: the reply, or for a 202 that names a task the handle of this task.
   *
   * ```ts
   * const begun = await bmc.start({ method: 'POST', path, body: { ImageURI } });
   * const reply = begun instanceof RedfishTask ? await begun.wait({ onProgress: console.log }) : begun;
   * ```
   */
  async start(request: Omit<RedfishRequest, 'follow' | 'onProgress'>): Promise<RedfishReply | RedfishTask> {
    const access = this.access();
    return access.use(async () => {
      const reply = await send(access, request);
      const isTask = reply.status === 202 && request.method !== 'GET';
      const task = isTask ? RedfishTask.of(request, reply, this.access) : undefined;
      return task ?? published(reply);
    });
  }

  /**
   * The handle of a task that was begun elsewhere.
   *
   * @param path of the Task
   */
  async task(path: string, options: CallOptions = {}): Promise<RedfishTask> {
    const access = this.access();
    return access.use(async () => {
      const request = { ...options, method: 'GET', path } as const;
      return RedfishTask.at(path, request, await send(access, request), this.access);
    });
  }

  /**
   * A collection with the Members of all its pages, as the first page's body. The Members are links; with `expand` they
   * are whole where the BMC has `$expand`.
   */
  async collection(
    path: string,
    options: CallOptions & { readonly expand?: boolean } = {},
  ): Promise<RedfishResource> {
    const { links, settings } = this.access().bmc;
    const read = async (page: string): Promise<RedfishResource> =>
      options.expand === true && page === path
        ? firstPage(path, this.#members(options))
        : this.get(page, options);
    const { maxMembers, maxPages } = settings;
    return readCollection(path, read, links, { members: maxMembers, pages: maxPages });
  }

  /**
   * The whole members of a collection, read as they are iterated: a page at a time where the BMC says that it has
   * `$expand`, else one by one. Members that are listed but 404 are left out.
   */
  each(path: string, options: EachOptions = {}): AsyncGenerator<JsonObject, void, undefined> {
    const { skip = 0, most = this.access().bmc.settings.maxMembers } = options;
    return eachMember(path, this.#members(options), { skip, most });
  }

  /** Some whole members of a collection. Pages of the BMC after these, and members that are left out, are not read. */
  async page(path: string, options: PageOptions = {}): Promise<RedfishPage> {
    const { skip = 0, limit = 100 } = options;
    return readPage(path, this.#members(options), { skip, limit });
  }

  /** The paths of a collection's members, over all pages, each once, as the BMC gives them. */
  async members(path: string, options: CallOptions = {}): Promise<string[]> {
    const { body } = await this.collection(path, options);
    return [...new Set(linksOf(body['Members']))];
  }

  /**
   * The node's ComputerSystem: the one the target names, else the only one.
   *
   * @throws RedfishAmbiguousSystemError with the candidates, if there is none or several
   */
  async system(options: CallOptions = {}): Promise<RedfishResource> {
    return findSystem(this, this.access().bmc.memory, options);
  }

  /** The managers of a system, each once: those it names, else all of a BMC with one system. */
  async managers(system: RedfishResource, options: CallOptions = {}): Promise<RedfishResource[]> {
    return [...(await this.findManagers(system, options)).managers];
  }

  /** @internal */
  async findManagers(system: RedfishResource, options: CallOptions): Promise<FoundManagers> {
    return findManagers(this, this.access().bmc.memory, system, options);
  }

  /** The rows of the quirk table that match this BMC; firmware is known once the managers were read. */
  async quirks(options: CallOptions = {}): Promise<readonly Quirk[]> {
    return quirksOf(await this.identity(options));
  }

  /** The merged behaviour of those rows. */
  async behaviour(options: CallOptions = {}): Promise<Behaviour> {
    return behaviourOf(await this.quirks(options));
  }

  /** Vendor, model and firmware, as far as known. */
  async identity(options: CallOptions = {}): Promise<BmcIdentity> {
    const root = await this.root(options);
    return identityOf(root.body, this.access().bmc.memory);
  }

  /**
   * Runs `work` with a client for the account's own resource, which a BMC also grants while it demands a new password:
   * with a session of its own, which is deleted afterwards, or with basic.
   */
  async withExpiredPassword<T>(work: (bmc: RedfishClient) => Promise<T>): Promise<T> {
    return this.access().forPassword(async (access) => work(new RedfishClient(this.target, () => access)));
  }

  /**
   * A client for the same BMC that changes nothing: it sends reads, and gives a request that is no GET to `onChange` in
   * its place; what that throws ends the call.
   */
  rehearsal(onChange: OnChange): RedfishClient {
    return new RedfishClient(this.target, () => rehearsalAccess(this.access(), onChange));
  }

  /** A flag learned about this BMC, by this package or by a driver. */
  learned(flag: string): string | undefined {
    return this.access().bmc.memory.get(flag);
  }

  /** Stores a flag for every later call to this BMC; `undefined` removes it. */
  learn(flag: string, value: string | undefined): void {
    this.access().bmc.memory.learn(flag, value);
  }

  #members(options: CallOptions): MembersPlan {
    const { links, memory, settings } = this.access().bmc;
    return { client: this, links, memory, options, mostPages: settings.maxPages };
  }
}
