import { createHmac, randomBytes } from 'node:crypto';
import { BmcAccess } from '../access/bmc-access.js';
import { Bmc } from '../access/bmc.js';
import { RedfishClient } from './client.js';
import { RedfishClosedError } from '../errors.js';
import { Memory } from '../quirks/memory.js';
import { settingsOf, tuned, type RedfishPoolOptions, type RedfishSettings } from '../options.js';
import { RequestQueue } from '../wire/queue.js';
import { redfishTarget, sameAccess, type RedfishAccess, type RedfishTarget } from '../target.js';

interface Entry {
  readonly target: RedfishTarget;
  readonly access: BmcAccess;
  readonly bmcKey: string;
  /** The owners whose last call used this credential. */
  readonly users: Set<string>;
}

interface SharedBmc {
  readonly bmc: Bmc;
  accesses: number;
}

/** What outlives the connections to a BMC and is shared by all ways to access it. */
interface Place {
  readonly memory: Memory;
  readonly queue: RequestQueue;
}

/** What the pool holds for one BMC and credential. */
export interface RedfishPoolStatus {
  readonly bmc: string;
  /** The maker in the BMC's own words; undefined before its root was read, or if it does not say. */
  readonly vendor: string | undefined;
  /** Whether a session with the BMC is open. */
  readonly session: boolean;
  /** Whether the BMC refused the credential so often that it is held back. */
  readonly heldBack: boolean;
  readonly busy: boolean;
  readonly waiting: number;
  readonly learned: Readonly<Record<string, string>>;
}

/**
 * The Redfish clients of a process. All calls to a BMC share its sockets and queue, and all calls with one
 * credential share a session. Close it before the process ends.
 */
export class RedfishPool implements AsyncDisposable {
  readonly #settings: RedfishSettings;
  /** Key of the hashes that identify entries, so that they do not reveal passwords. */
  readonly #secret = randomBytes(32);
  readonly #entries = new Map<string, Entry>();
  readonly #bmcs = new Map<string, SharedBmc>();
  readonly #places = new Map<string, Place>();
  readonly #users = new Map<string, string>();
  readonly #retiring = new Map<BmcAccess, Promise<void>>();
  readonly #sweeper: NodeJS.Timeout;
  #isClosed = false;

  constructor(options: RedfishPoolOptions = {}) {
    this.#settings = settingsOf(options);
    const period = Math.max(50, Math.min(this.#settings.idle / 2, 30_000));
    this.#sweeper = setInterval(() => this.#sweep(), period).unref();
  }

  /**
   * A client for a BMC; cheap, since session, sockets and what was learned are shared. If the same owner (or, without
   * one, the same address) used another credential before, its session is deleted as soon as no call uses it.
   *
   * @throws RedfishTargetError for an address or options that cannot be used
   * @throws RedfishClosedError after `close`
   */
  client(address: string | URL, access?: RedfishAccess): RedfishClient;
  /** A client for a BMC that `redfishTarget` has checked. */
  client(target: RedfishTarget): RedfishClient;
  client(bmc: string | URL | RedfishTarget, access?: RedfishAccess): RedfishClient {
    const isChecked = typeof bmc === 'object' && !(bmc instanceof URL);
    return this.#client(isChecked ? bmc : redfishTarget(bmc, access));
  }

  #client(target: RedfishTarget): RedfishClient {
    const user = target.owner ?? target.origin + target.root;
    const before = this.#users.get(user);
    const known = before === undefined ? undefined : this.#entries.get(before);
    // Comparing is quicker than hashing and is enough in most calls.
    const isKnown = before !== undefined && known !== undefined && sameAccess(known.target, target);
    const key = isKnown ? before : this.#keyOf(target);
    const { users } = this.#entry(key, target);
    if (before !== key) {
      this.#users.set(user, key);
      users.add(user);
      if (before !== undefined) this.#leave(before, user);
    }
    return new RedfishClient(target, () => this.#entry(key, target).access);
  }

  get status(): RedfishPoolStatus[] {
    return [...this.#entries.values()].map(({ access }) => ({
      bmc: access.bmc.origin,
      vendor: access.bmc.vendor,
      session: access.hasSession,
      heldBack: access.isHeldBack,
      busy: access.isBusy,
      waiting: access.bmc.queue.length,
      learned: access.bmc.memory.flags,
    }));
  }

  /**
   * Aborts every call with a RedfishClosedError, deletes every session and closes all sockets, within the close
   * timeout.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweeper);
    for (const key of [...this.#entries.keys()]) this.#evict(key, true);
    for (const access of this.#retiring.keys()) access.abort();
    await Promise.all(this.#retiring.values());
  }

  /** As `close`; for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #keyOf(target: RedfishTarget): string {
    const { credential, authType } = target;
    return this.#hash([...this.#wayOf(target), credential?.username, credential?.reveal(), authType]);
  }

  /** How a BMC is reached: what makes its connections differ. */
  #wayOf({ origin, root, tls, tuning = {} }: RedfishTarget): string[] {
    const { verify, ca, minVersion, ciphers } = tls;
    const { connect, firstByte, total, task, attempts, sockets } = tuning;
    const limits = JSON.stringify([connect, firstByte, total, task, attempts, sockets]);
    return [origin, root, JSON.stringify([verify, ca, minVersion, ciphers]), limits];
  }

  #hash(parts: readonly (string | undefined)[]): string {
    return createHmac('sha256', this.#secret).update(JSON.stringify(parts)).digest('base64');
  }

  #entry(key: string, target: RedfishTarget): Entry {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#isClosed) throw new RedfishClosedError('The pool of Redfish clients is closed.');
    const bmcKey = this.#hash(this.#wayOf(target));
    const shared = this.#bmcs.get(bmcKey) ?? { bmc: this.#bmc(target), accesses: 0 };
    shared.accesses += 1;
    this.#bmcs.set(bmcKey, shared);
    const entry = { target, access: new BmcAccess(shared.bmc, target), bmcKey, users: new Set<string>() };
    this.#entries.set(key, entry);
    if (this.#entries.size > this.#settings.maxEntries) this.#evictOldest(key);
    return entry;
  }

  #bmc(target: RedfishTarget): Bmc {
    const { memory, queue } = this.#place(target);
    return new Bmc(target, tuned(this.#settings, target.tuning), memory, queue);
  }

  #place({ origin, root }: RedfishTarget): Place {
    const { observe, maxEntries, sockets: width, queueLimit: limit, queueBudget: budget } = this.#settings;
    const known = this.#places.get(origin + root);
    if (known !== undefined) return known;
    const learned = (flag: string, value: string): void =>
      observe({ kind: 'learned', bmc: origin, flag, value });
    const place = { memory: new Memory(learned), queue: new RequestQueue(origin, { width, limit, budget }) };
    this.#places.set(origin + root, place);
    const [oldest] = this.#places.keys();
    if (this.#places.size > maxEntries * 4 && oldest !== undefined) this.#places.delete(oldest);
    return place;
  }

  #leave(key: string, user: string): void {
    const entry = this.#entries.get(key);
    entry?.users.delete(user);
    if (entry?.users.size === 0) this.#evict(key, false);
  }

  #evictOldest(newest: string): void {
    let oldest: string | undefined;
    let usedAt = Infinity;
    for (const [key, { access }] of this.#entries) {
      if (key === newest || access.isBusy || access.usedAt >= usedAt) continue;
      oldest = key;
      usedAt = access.usedAt;
    }
    if (oldest !== undefined) this.#evict(oldest, false);
  }

  #sweep(): void {
    const since = performance.now() - this.#settings.idle;
    for (const [key, { access }] of [...this.#entries]) {
      if (!access.isBusy && access.usedAt < since) this.#evict(key, false);
    }
  }

  /** `isNow` aborts running calls; otherwise they may end first. */
  #evict(key: string, isNow: boolean): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    for (const user of entry.users) this.#users.delete(user);
    if (!this.#isClosed) this.#settings.observe({ kind: 'evicted', bmc: entry.access.bmc.origin });
    const { access } = entry;
    this.#retiring.set(
      access,
      this.#retire(entry, isNow).finally(() => this.#retiring.delete(access)),
    );
  }

  async #retire({ access, bmcKey }: Entry, isNow: boolean): Promise<void> {
    if (!isNow) await access.idle();
    await access.close();
    const shared = this.#bmcs.get(bmcKey);
    if (shared === undefined) return;
    shared.accesses -= 1;
    if (shared.accesses > 0) return;
    this.#bmcs.delete(bmcKey);
    await shared.bmc.close();
  }
}
