import { type z } from 'zod';
import { type Attachment } from './attachment.js';
import { addMethod } from './declarations.js';
import { type Duration } from './duration.js';
import { type JsonValue } from './json.js';
import { type DriverTask, type ExclusiveTask, type HttpMethod, type SharedTask } from './task.js';

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

/** A misspelt option is an error, not an option without effect. */
type Known<O, Options> = O & { readonly [K in Exclude<keyof O, keyof Options>]: never };

type Result<O> = O extends { readonly attach: true } ? Attachment : JsonValue | void;

type Method<Task, O> = O extends { readonly args: infer Schema extends z.ZodType }
  ? (task: Task, args: z.output<Schema>) => Result<O> | Promise<Result<O>>
  : (task: Task) => Result<O> | Promise<Result<O>>;

/** The shape of a method that fits its `@Passthru` options. */
export type PassthruMethod<O> = Method<O extends { readonly lock: 'shared' } ? SharedTask : ExclusiveTask, O>;

/** The shape of a method that fits its `@DriverPassthru` options. */
export type DriverPassthruMethod<O> = Method<DriverTask, O>;

type Decorator<M> = <T extends M>(
  prototype: object,
  key: string,
  descriptor: TypedPropertyDescriptor<T>,
) => void;

/**
 * Makes a method of a vendor interface callable at `/v1/nodes/<node>/vendor_passthru`.
 *
 * Asynchronous, under an exclusive lock and not an attachment unless it says otherwise. Arguments typed
 * unlike their schema, an `ExclusiveTask` under a shared lock and JSON from an attachment method do not
 * compile.
 */
export function Passthru<const O extends PassthruOptions>(
  options: Known<O, PassthruOptions>,
): Decorator<PassthruMethod<O>> {
  return (prototype, key) => addMethod(prototype, { scope: 'node', key, options });
}

/**
 * Makes a method of a vendor interface callable at `/v1/drivers/<driver>/vendor_passthru`: no node, no lock.
 */
export function DriverPassthru<const O extends MethodOptions>(
  options: Known<O, MethodOptions>,
): Decorator<DriverPassthruMethod<O>> {
  return (prototype, key) => addMethod(prototype, { scope: 'driver', key, options });
}
