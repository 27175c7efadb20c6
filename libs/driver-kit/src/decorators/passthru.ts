import { type z } from 'zod';
import { type Attachment } from '../attachment.js';
import { type Jsonable } from '../json.js';
import { addMethod } from './methods.js';
import { type ValidateOption, type MethodOptions, type PassthruOptions } from './passthru-options.js';
import { type DriverTask, type ExclusiveTask, type RehearsalTask, type SharedTask } from '../task.js';

/** Makes a misspelt option an error. */
type Known<O, Options> = O & { readonly [K in Exclude<keyof O, keyof Options | 'validate'>]: never };

/** The options of a method and the check of its arguments, whose parameters are typed by them. */
type Checked<O, Options, Task, S extends z.ZodObject> = Known<O, Options> & {
  readonly args?: S;
} & ValidateOption<Task, z.output<S>>;

type NoArguments = z.ZodObject<Readonly<Record<never, never>>>;

type Result<O> = O extends { readonly attach: true }
  ? Attachment
  : O extends { readonly returns: infer Schema extends z.ZodType }
    ? z.input<Schema>
    : unknown;

type Method<Task, O> = O extends { readonly args: infer Schema extends z.ZodType }
  ? (task: Task, args: z.output<Schema>) => Result<O> | Promise<Result<O>>
  : (task: Task) => Result<O> | Promise<Result<O>>;

type LockTask<O> = O extends { readonly lock: 'shared' } ? SharedTask : ExclusiveTask;

type Rehearsed<O> = O extends { readonly rehearsal: true } ? RehearsalTask : never;

/** The shape of a method that fits its `@Passthru` options. Its result must be JSON. */
export type PassthruMethod<O> = Method<LockTask<O> | Rehearsed<O>, O>;

/** The shape of a method that fits its `@DriverPassthru` options. Its result must be JSON. */
export type DriverPassthruMethod<O> = Method<DriverTask, O>;

type JsonResult<O, T> = O extends { readonly attach: true } | { readonly returns: z.ZodType }
  ? unknown
  : T extends (...args: never[]) => infer R
    ? Awaited<R> extends Jsonable<Awaited<R>>
      ? unknown
      : { readonly 'The result is not JSON': never }
    : never;

type Decorator<M, O> = <T extends M>(
  prototype: object,
  key: string,
  descriptor: TypedPropertyDescriptor<T> & JsonResult<O, T>,
) => void;

/**
 * Makes a method of a vendor interface callable at `/v1/nodes/<node>/vendor_passthru`. Parameters or a result that do
 * not fit the options do not compile.
 */
export function Passthru<const O extends PassthruOptions, S extends z.ZodObject = NoArguments>(
  options: Checked<O, PassthruOptions, SharedTask, S>,
): Decorator<PassthruMethod<O>, O> {
  return (prototype, key) => addMethod(prototype, { scope: 'node', key, options });
}

/** Makes a method callable at `/v1/drivers/<driver>/vendor_passthru`, without node and lock. */
export function DriverPassthru<const O extends MethodOptions, S extends z.ZodObject = NoArguments>(
  options: Checked<O, MethodOptions, DriverTask, S>,
): Decorator<DriverPassthruMethod<O>, O> {
  return (prototype, key) => addMethod(prototype, { scope: 'driver', key, options });
}
