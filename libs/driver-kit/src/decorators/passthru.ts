import { type z } from 'zod';
import { type Attachment } from '../attachment.js';
import { type JsonValue } from '../json.js';
import { addMethod } from './methods.js';
import { type MethodOptions, type PassthruOptions } from './passthru-options.js';
import { type DriverTask, type ExclusiveTask, type SharedTask } from '../task.js';

/** Makes a misspelt option an error. */
type Known<O, Options> = O & { readonly [K in Exclude<keyof O, keyof Options>]: never };

type Result<O> = O extends { readonly attach: true }
  ? Attachment
  : O extends { readonly returns: infer Schema extends z.ZodType }
    ? z.input<Schema>
    : JsonValue | void;

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
 * Makes a method of a vendor interface callable at `/v1/nodes/<node>/vendor_passthru`. Parameters or a result that do
 * not fit the options do not compile.
 */
export function Passthru<const O extends PassthruOptions>(
  options: Known<O, PassthruOptions>,
): Decorator<PassthruMethod<O>> {
  return (prototype, key) => addMethod(prototype, { scope: 'node', key, options });
}

/** Makes a method callable at `/v1/drivers/<driver>/vendor_passthru`, without node and lock. */
export function DriverPassthru<const O extends MethodOptions>(
  options: Known<O, MethodOptions>,
): Decorator<DriverPassthruMethod<O>> {
  return (prototype, key) => addMethod(prototype, { scope: 'driver', key, options });
}
