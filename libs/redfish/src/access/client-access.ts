import type { JsonObject } from '../json.js';
import type { CallOptions, RedfishRequest, RedfishResource } from '../types.js';
import type { Reply } from '../wire/answer.js';
import type { CallScope } from '../wire/scope.js';
import type { Scrubber } from '../wire/scrub.js';
import type { Bmc } from './bmc.js';

/** A request of a client, whose 2xx may be asked for as a stream. */
export interface AccessRequest extends RedfishRequest {
  readonly isStreamed?: boolean | undefined;
  /**
   * For a stream that never ends, which gets a socket of its own and no turn in the queue: the most milliseconds between
   * two pieces, or Infinity.
   */
  readonly silence?: number | undefined;
  /** Called with the error of each try. */
  readonly onFailedTry?: ((error: unknown) => void) | undefined;
}

/** What a client needs of the access to its BMC. */
export interface ClientAccess {
  readonly bmc: Bmc;
  use<T>(work: () => Promise<T>): Promise<T>;
  scope(options: CallOptions, method: string, path: string): CallScope;
  open(milliseconds: number, late: () => Error, signal?: AbortSignal): CallScope;
  root(options: CallOptions, isFresh?: boolean): Promise<RedfishResource>;
  scrubber(payload: JsonObject | undefined): Scrubber;
  forPassword<T>(work: (access: ClientAccess) => Promise<T>): Promise<T>;
  call(
    request: AccessRequest,
    headers?: Readonly<Record<string, string>>,
    payload?: JsonObject,
  ): Promise<Reply>;
}
