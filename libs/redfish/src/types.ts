import type { Readable } from 'node:stream';
import type { JsonObject } from './json.js';

/** HTTP verb of a Redfish request. */
export type RedfishMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** How far a task is. */
export interface Progress {
  /** 0 to 100, if the BMC sends it. */
  readonly percent?: number;
  readonly message?: string;
  /** The path of the task, or of its monitor where the BMC names no task. */
  readonly task?: string;
}

/** Options of every call. */
export interface CallOptions {
  /** Aborting rejects the call with `signal.reason` at once, also while it waits in the queue. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each progress of the task of a 202. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called when a request that is no GET has left as a whole: it may have its effect, whatever comes of the call. */
  readonly onSent?: (() => void) | undefined;
  /**
   * Milliseconds for a request: its wait in the queue, its login, retries and redirects, but not the task of a 202. Calls
   * that make several requests, such as `system()` and `each()`, apply it to each; to limit a whole call use `signal`,
   * for example `AbortSignal.timeout(10_000)`.
   */
  readonly timeout?: number | undefined;
}

/** Options of an iteration over a collection. */
export interface EachOptions extends CallOptions {
  /** Members to leave out at the beginning, without reading them. Default: 0. */
  readonly skip?: number | undefined;
  /** Members after which the iteration fails. Default: `maxMembers` of the pool. */
  readonly most?: number | undefined;
}

/** Options of a page of a collection. */
export interface PageOptions extends CallOptions {
  /** Members to leave out at the beginning, without reading them. Default: 0. */
  readonly skip?: number | undefined;
  /** Default: 100. */
  readonly limit?: number | undefined;
}

/** A part of a collection. */
export interface RedfishPage {
  /** Whole; without those that are listed but 404. */
  readonly members: readonly JsonObject[];
  /** Members of the whole collection; undefined if the BMC does not say it. */
  readonly total: number | undefined;
  readonly more: boolean;
}

/** Options of calls that change something. */
export interface WriteOptions extends CallOptions {
  /** Whether to follow the task of a 202 to its end. Default: true. */
  readonly follow?: boolean | undefined;
  /**
   * Reads the BMC and returns true if the lost request had no effect, so that it is repeated after a broken connection or
   * a 5xx. Without it, a POST is not repeated then, and other verbs are.
   */
  readonly nothingHappened?: (() => Promise<boolean>) | undefined;
}

/** A request with any verb and headers. */
export interface RedfishRequest extends WriteOptions {
  readonly method: RedfishMethod;
  /** A path as a link of the BMC names it, or relative to the service root. Sent unchanged. */
  readonly path: string;
  readonly body?: JsonObject | undefined;
  /** Sent as `multipart/form-data` in place of `body`. */
  readonly upload?: RedfishUpload | undefined;
  /** Added to the client's own headers, which cannot be replaced. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For PATCH, PUT and DELETE: false sends no If-Match, a string sends exactly that. */
  readonly ifMatch?: false | string | undefined;
  /**
   * Whether a redirect within the BMC may be followed to this absolute path, which may have a query. Otherwise the call
   * rejects with a RedfishResponseError whose answer is the redirect. Default: all of them.
   */
  readonly mayRedirect?: ((method: RedfishMethod, path: string) => boolean) | undefined;
}

/** A file for a BMC, sent as the standard's multipart push: the parts `UpdateParameters` and `UpdateFile`. */
export interface RedfishUpload {
  readonly parameters: JsonObject;
  /** The bytes, or a stream of them, which is read once. What the stream throws rejects the call unchanged. */
  readonly file: Uint8Array | AsyncIterable<Uint8Array>;
  /** Bytes of a stream. Without it the request is sent in chunks, which some BMCs refuse. */
  readonly size?: number | undefined;
  /** Default: `firmware.bin`. */
  readonly filename?: string | undefined;
}

/** A successful answer whose body is read while it arrives. */
export interface RedfishDownload {
  readonly status: number;
  /** Names in lower case; without tokens and cookies. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absolute URL that answered, after redirects. */
  readonly url: string;
  /** Bytes of the body, if the BMC says it. */
  readonly size: number | undefined;
  /**
   * Read it to its end or destroy it: until then it holds one of the sockets to the BMC. It fails with a RedfishError,
   * or with `signal.reason`.
   */
  readonly body: Readable;
}

/** A successful answer. */
export interface RedfishReply<Body extends JsonObject | undefined = JsonObject | undefined> {
  readonly status: number;
  /** Names in lower case; without tokens and cookies. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absolute URL that answered, after redirects. */
  readonly url: string;
  readonly body: Body;
  /** The first ETag of the header, else `@odata.etag` of the body, unchanged. */
  readonly etag: string | undefined;
  /** The path of `Location`, if it is on this BMC (or on an alias of it). */
  readonly location: string | undefined;
  /** Where `Location` leads if it is on another origin, without userinfo and query. Never followed. */
  readonly foreignLocation: string | undefined;
  /** The verbs of `Allow`; empty if the BMC sends none. */
  readonly allow: readonly string[];
}

/** A successful answer with a resource. */
export type RedfishResource = RedfishReply<JsonObject>;
