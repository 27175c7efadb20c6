/** What JSON can carry, and so what a passthru method may return. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; a member that is `undefined` is left out on the wire. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
