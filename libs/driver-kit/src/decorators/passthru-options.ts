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
  /** Verbs that the method accepts, in the order of the listing. */
  readonly http: readonly [HttpMethod, ...HttpMethod[]];
  /**
   * Name on the wire.
   * @defaultValue the method's name in snake_case
   */
  readonly name?: string;
  /**
   * True: the caller gets 202 and a job. False: the caller waits for the result.
   * @defaultValue `true`
   */
  readonly async?: boolean;
  /**
   * The method returns an `Attachment`.
   * @defaultValue `false`
   */
  readonly attach?: boolean;
  /** One sentence for the listing. */
  readonly description: string;
  /**
   * The arguments. `z.object` refuses unknown ones, `z.looseObject` accepts them.
   * @defaultValue no arguments
   */
  readonly args?: z.ZodObject;
  /**
   * The result, for the listing and for the compiler. Not with `attach`.
   * @defaultValue any JSON
   */
  readonly returns?: z.ZodType;
  /**
   * What a call does to the server.
   * @defaultValue `read` for GET alone under a shared lock or without a node, otherwise `change`
   */
  readonly effect?: Effect;
  /**
   * Version of the package that first had the method.
   * @defaultValue none
   */
  readonly since?: string;
  /**
   * What callers should use instead; the method still works.
   * @defaultValue none
   */
  readonly deprecated?: string;
  /**
   * Time after which the task's signal is aborted, at most 24 days.
   * @defaultValue `60s` for synchronous methods, `1h` for asynchronous ones
   */
  readonly timeout?: Duration;
}

/** Options of `@Passthru`. */
export interface PassthruOptions extends MethodOptions {
  /**
   * `exclusive`: nothing else works on the node meanwhile. `shared`: the method also runs while another call holds the
   * node, so it only reads.
   * @defaultValue `exclusive`
   */
  readonly lock?: 'exclusive' | 'shared';
  /**
   * The method also takes a `RehearsalTask`: `?dry_run=true` calls it without a lock, and shows what it would have sent.
   * @defaultValue `false`
   */
  readonly rehearsal?: boolean;
}

/** The option `validate`, whose parameters have the types of the task and of the arguments. */
export interface ValidateOption<Task, Args> {
  /**
   * Checks what the schema cannot say. It may be asynchronous; after 10 s the call is answered with 504. What it throws
   * reaches the caller. It runs before the lock is taken, and again if the node changed meanwhile. `this` is the vendor
   * interface.
   * @defaultValue no further check
   */
  readonly validate?: (this: never, task: Task, args: Args) => void | Promise<void>;
}
