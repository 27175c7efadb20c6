import type { JsonObject } from './json.js';
import type { Behaviour, Quirk } from './quirks.js';
import type { CallOptions, RedfishReply, RedfishRequest, RedfishResource, WriteOptions } from './types.js';

/** Stub until the parts are there. */
export abstract class RedfishClient {
  abstract readonly origin: string;
  abstract root(options?: CallOptions & { fresh?: boolean }): Promise<RedfishResource>;
  abstract get(path: string, options?: CallOptions): Promise<RedfishResource>;
  abstract post(path: string, body?: JsonObject, options?: WriteOptions): Promise<RedfishReply>;
  abstract patch(path: string, body: JsonObject, options?: WriteOptions): Promise<RedfishReply>;
  abstract delete(path: string, options?: WriteOptions): Promise<RedfishReply>;
  abstract request(request: RedfishRequest): Promise<RedfishReply>;
  abstract collection(path: string, options?: CallOptions): Promise<RedfishResource>;
  abstract members(path: string, options?: CallOptions): Promise<string[]>;
  abstract system(options?: CallOptions): Promise<RedfishResource>;
  abstract managers(system: RedfishResource, options?: CallOptions): Promise<RedfishResource[]>;
  abstract behaviour(options?: CallOptions): Promise<Behaviour>;
  abstract quirks(options?: CallOptions): Promise<readonly Quirk[]>;
  abstract learned(flag: string): string | undefined;
  abstract learn(flag: string, value: string): void;
}
