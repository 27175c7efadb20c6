import { type HttpMethod, type JsonObject } from '@ferrule/driver-kit';

/** A method in the listing, with its details. */
export interface ListedMethod {
  readonly http_methods: readonly HttpMethod[];
  readonly async: boolean;
  readonly attach: boolean;
  readonly description: string;
  readonly require_exclusive_lock?: boolean;
  /** JSON Schema. */
  readonly args: JsonObject;
  /** Seconds. */
  readonly timeout: number;
  readonly [member: string]: unknown;
}
