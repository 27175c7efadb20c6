import type { LookupFunction } from 'node:net';
import type { Networks } from './networks.js';
import type { RedfishErrorCode } from './redfish-error.js';
import type { RedfishTuning } from './target.js';

/** Milliseconds for the parts of a call. */
export interface RedfishTimeouts {
  /** Name resolution, TCP and TLS, including retries of refused connections. */
  readonly connect: number;
  /** From the request on the wire to the status line, and between two pieces of the body. */
  readonly firstByte: number;
  /** The body of an answer that reports an error, whose status is known already. */
  readonly errorBody: number;
  /** A request with its wait in the queue, its login, retries and redirects. */
  readonly total: number;
  /** The task of a 202. */
  readonly task: number;
  /** Logging out on `close()` and on eviction. */
  readonly close: number;
}

/** How often a call is repeated, within its total timeout. */
export interface RedfishRetries {
  /** Including the first. */
  readonly attempts: number;
  /** Milliseconds before the second try; doubled for each further one, half of it random. */
  readonly baseDelay: number;
  /** Most milliseconds between two tries; a Retry-After may ask for more. */
  readonly maxDelay: number;
}

/** An event of the pool, for logs and metrics. Contains no credential, token or payload. */
export type RedfishEvent =
  | { readonly kind: 'exchange'; readonly bmc: string; readonly method: string; readonly path: string;
      readonly status: number | undefined; readonly milliseconds: number;
      /** As in the pool's status. */
      readonly vendor: string | undefined;
      /** Why no answer came; undefined also if the call was aborted. */
      readonly failure: RedfishErrorCode | undefined } // prettier-ignore
  | {
      readonly kind: 'login' | 'logout' | 'logout-failed' | 'evicted' | 'circuit-opened';
      readonly bmc: string;
    }
  | { readonly kind: 'learned'; readonly bmc: string; readonly flag: string; readonly value: string };

/** Options of a pool of clients. All have defaults. */
export interface RedfishPoolOptions {
  /** Networks that BMC addresses must be in, checked after name resolution. Any if absent. */
  readonly networks?: Networks | undefined;
  /** Default: 5 s, 60 s, 5 s, 120 s, 30 min, 5 s. */
  readonly timeouts?: Partial<RedfishTimeouts> | undefined;
  /** Default: 5 tries, 500 ms, 10 s. */
  readonly retries?: Partial<RedfishRetries> | undefined;
  /** Sockets, and so concurrent requests, per BMC. Default: 2. */
  readonly sockets?: number | undefined;
  /** Requests that may wait for one BMC; further ones fail with RedfishBusyError. Default: 256. */
  readonly queueLimit?: number | undefined;
  /** Milliseconds a request may wait for its turn. Default: 60 s. */
  readonly queueBudget?: number | undefined;
  /** Milliseconds an unused socket is kept. Default: 4 s. */
  readonly keepAlive?: number | undefined;
  /** Milliseconds without a call after which a session is deleted. Default: 2 min. */
  readonly idle?: number | undefined;
  /** Clients kept; beyond that, the one unused for longest is evicted. Default: 10,000. */
  readonly maxEntries?: number | undefined;
  /** Most bytes of a body. Default: 16 MiB. */
  readonly maxBody?: number | undefined;
  /** Most members of a collection over all pages. Default: 10,000. */
  readonly maxMembers?: number | undefined;
  /** Most pages of a collection. Default: 1,000. */
  readonly maxPages?: number | undefined;
  /** Consecutive 401s until credentials are held back, and for how many milliseconds. Default: 3, 60 s. */
  readonly circuit?: { readonly failures?: number; readonly cooldown?: number } | undefined;
  /** Milliseconds between polls of a task without Retry-After, and the least with one. Default: 1 s, 100 ms. */
  readonly taskPoll?: { readonly interval?: number; readonly least?: number } | undefined;
  /**
   * Per BMC origin, other origins its links may name (NAT); only their path is used. `{"https://nat:8443":
   * ["https://10.0.0.5"]}`
   */
  readonly aliases?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly userAgent?: string | undefined;
  /** Called with each event. What it throws is the caller's own error. */
  readonly observer?: ((event: RedfishEvent) => void) | undefined;
  /** Resolves names. Default: `dns.lookup`. Its results are checked like any address. */
  readonly lookup?: LookupFunction | undefined;
}

export interface RedfishSettings {
  readonly networks: Networks | undefined;
  readonly timeouts: RedfishTimeouts;
  readonly retries: RedfishRetries;
  readonly sockets: number;
  readonly queueLimit: number;
  readonly queueBudget: number;
  readonly keepAlive: number;
  readonly idle: number;
  readonly maxEntries: number;
  readonly maxBody: number;
  readonly maxMembers: number;
  readonly maxPages: number;
  readonly circuit: { readonly failures: number; readonly cooldown: number };
  readonly taskPoll: { readonly interval: number; readonly least: number };
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly userAgent: string;
  readonly observe: (event: RedfishEvent) => void;
  readonly lookup: LookupFunction | undefined;
}

export function settingsOf(options: RedfishPoolOptions): RedfishSettings {
  return {
    networks: options.networks,
    timeouts: {
      connect: 5_000,
      firstByte: 60_000,
      errorBody: 5_000,
      total: 120_000,
      task: 1_800_000,
      close: 5_000,
      ...options.timeouts,
    },
    retries: { attempts: 5, baseDelay: 500, maxDelay: 10_000, ...options.retries },
    sockets: options.sockets ?? 2,
    queueLimit: options.queueLimit ?? 256,
    queueBudget: options.queueBudget ?? 60_000,
    keepAlive: options.keepAlive ?? 4_000,
    idle: options.idle ?? 120_000,
    maxEntries: options.maxEntries ?? 10_000,
    maxBody: options.maxBody ?? 16 * 1024 * 1024,
    maxMembers: options.maxMembers ?? 10_000,
    maxPages: options.maxPages ?? 1_000,
    circuit: { failures: 3, cooldown: 60_000, ...options.circuit },
    taskPoll: { interval: 1_000, least: 100, ...options.taskPoll },
    aliases: options.aliases ?? {},
    userAgent: options.userAgent ?? 'ferrule-redfish',
    observe: options.observer ?? (() => undefined),
    lookup: options.lookup,
  };
}

/** The settings of a pool with the limits of one BMC. */
export function tuned(settings: RedfishSettings, tuning: RedfishTuning = {}): RedfishSettings {
  const { attempts = settings.retries.attempts, sockets = settings.sockets, ...timeouts } = tuning;
  return {
    ...settings,
    timeouts: { ...settings.timeouts, ...timeouts },
    retries: { ...settings.retries, attempts },
    sockets,
  };
}
