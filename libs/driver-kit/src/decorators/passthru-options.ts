import { type z } from 'zod';
import { type Duration } from '../duration.js';
import { type HttpMethod } from '../task.js';

/** What a call does to the server, from the least to the most. */
export const EFFECTS = ['read', 'change', 'disruptive', 'destructive'] as const;
/**
 * `read` changes nothing, `change` changes settings, `disruptive` interrupts what runs on the server (a reset), and
 * `destructive` loses data that cannot be got back.
 */
export type Effect = (typeof EFFECTS)[number];

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
  /** The result, for the listing and for the compiler. Without it any JSON. Not with `attach`. */
  readonly returns?: z.ZodType;
  /** Default: `read` for GET alone under a shared lock or without a node, otherwise `change`. */
  readonly effect?: Effect;
  /** Version of the package that first had the method. */
  readonly since?: string;
  /** What callers should use instead; the method still works. */
  readonly deprecated?: string;
  /** Time after which the task's signal is aborted, at most 24 days. Default: 60 s (synchronous), an hour (asynchronous). */
  readonly timeout?: Duration;
}

/** Options of `@Passthru`. */
export interface PassthruOptions extends MethodOptions {
  /** Default: `exclusive`. */
  readonly lock?: 'exclusive' | 'shared';
}
