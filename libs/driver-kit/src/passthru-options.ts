import { type z } from 'zod';
import { type Duration } from './duration.js';
import { type HttpMethod } from './task.js';

/** What both kinds of passthru method declare. */
export interface MethodOptions {
  /** Verbs that the method answers to, in the order of the listing. */
  readonly http: readonly [HttpMethod, ...HttpMethod[]];
  /** Name on the wire; by default the method's own name in snake_case. */
  readonly name?: string;
  /** True (the default): 202 and a job. False: the caller waits for the result. */
  readonly async?: boolean;
  /** The result is a file: the method returns an `Attachment`. */
  readonly attach?: boolean;
  /** A sentence for the listing. */
  readonly description?: string;
  /**
   * The arguments. Without a schema the method takes none; a `z.object` refuses surplus arguments like
   * `z.strictObject`, and `z.looseObject` takes any.
   */
  readonly args?: z.ZodObject;
  /** When the task's signal is aborted: by default after 60 s (synchronous) or an hour (asynchronous). */
  readonly timeout?: Duration;
}

/** What a node method declares. */
export interface PassthruOptions extends MethodOptions {
  /** `exclusive` (the default) or `shared`. */
  readonly lock?: 'exclusive' | 'shared';
}
