import type { JsonObject } from './json.js';

/** The verbs of Redfish. */
export type RedfishMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** How far a task is. */
export interface Progress {
  /** 0 to 100, where the BMC says. */
  readonly percent?: number;
  readonly message?: string;
}

/** What every call takes. */
export interface CallOptions {
  /** Aborting rejects the call with `signal.reason` at once, also while it waits for its turn. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each progress of a 202's task. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Milliseconds for the whole call: waiting, login, retries and redirects, but not a 202's task. */
  readonly timeout?: number | undefined;
}

/** What calls that change something take. */
export interface WriteOptions extends CallOptions {
  /** Whether a 202 is followed to its end; true unless set. */
  readonly follow?: boolean | undefined;
  /**
   * Reads the BMC and returns true when the lost request had no effect. Without it, a POST is not repeated
   * after a broken connection or a 5xx.
   */
  readonly nothingHappened?: (() => Promise<boolean>) | undefined;
}

/** A request with any verb and headers. */
export interface RedfishRequest extends WriteOptions {
  readonly method: RedfishMethod;
  /** A path as a link of the BMC gives it, or relative to the service root. Sent as given. */
  readonly path: string;
  readonly body?: JsonObject | undefined;
  /** Added to the client's own, which cannot be replaced. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For PATCH, PUT and DELETE: false never sends If-Match, a string sends just that. */
  readonly ifMatch?: false | string | undefined;
}

/** An answer that is a success. */
export interface RedfishReply<Body extends JsonObject | undefined = JsonObject | undefined> {
  readonly status: number;
  /** Names in lower case; never a token or a cookie. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absolute URL of what answered, after redirects. */
  readonly url: string;
  readonly body: Body;
  /** The header ETag, else `@odata.etag` of the body, as it came. */
  readonly etag: string | undefined;
  /** The path of `Location`, if it is on this BMC (or on an alias of it). */
  readonly location: string | undefined;
  /** Where `Location` leads if it is on another origin, without userinfo and query; never followed. */
  readonly foreignLocation: string | undefined;
  /** The verbs of `Allow`; empty where the BMC sends none. */
  readonly allow: readonly string[];
}

/** An answer that carries a resource. */
export type RedfishResource = RedfishReply<JsonObject>;
