/** A JSON value; what a passthru method may return, as at most 8 MiB of text. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; `undefined` members are left out on the wire. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** Whether a value is an object: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `T` if JSON can carry it, otherwise a type that `T` does not fit. Members that are `unknown`, as those of
 * `z.looseObject`, are checked when the method returns.
 */
export type Jsonable<T> = unknown extends T
  ? T
  : T extends JsonValue | undefined | void
    ? T
    : T extends bigint | symbol | ((...args: never[]) => unknown)
      ? never
      : { [K in keyof T]: Jsonable<T[K]> };
