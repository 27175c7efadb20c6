import { type z } from 'zod';
import { type Duration } from '../duration.js';
import { type HttpMethod } from '../task.js';

/** Options of both kinds of passthru method. */
export interface MethodOptions {
  /** Verbs the method accepts, in the order of the listing. */
  readonly http: readonly [HttpMethod, ...HttpMethod[]];
  /** Name on the wire. Default: the method's name in snake_case. */
  readonly name?: string;
  /** True: 202 and a job. False: the caller waits for the result. Default: true. */
  readonly async?: boolean;
  /** The method returns an `Attachment`. Default: false. */
  readonly attach?: boolean;
  /** One sentence for the listing. */
  readonly description: string;
  /** The arguments; none without a schema. `z.object` refuses unknown ones, `z.looseObject` accepts them. */
  readonly args?: z.ZodObject;
  /** Time after which the task's signal is aborted, at most 24 days. Default: 60 s (synchronous), an hour (asynchronous). */
  readonly timeout?: Duration;
}

/** Options of `@Passthru`. */
export interface PassthruOptions extends MethodOptions {
  /** Default: `exclusive`. */
  readonly lock?: 'exclusive' | 'shared';
}
