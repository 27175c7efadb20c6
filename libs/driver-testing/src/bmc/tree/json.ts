/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object; `undefined` members are left out when it is written. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under `key`, or an empty one: reading never throws on a sparse tree. */
export function childObject(value: JsonObject | undefined, key: string): JsonObject {
  const child = value?.[key];
  return isObject(child) ? child : {};
}

export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The `@odata.id` of a link such as `{"@odata.id": "/redfish/v1/Systems"}`. */
export function linkOf(value: Json | undefined): string | undefined {
  return isObject(value) ? stringOf(value['@odata.id']) : undefined;
}

/** The `@odata.id`s of an array of links. */
export function linksOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(linkOf).filter((link) => link !== undefined) : [];
}

export function link(path: string): JsonObject {
  return { '@odata.id': path };
}

/** JSON.parse with a JSON type; `undefined` when the text is none. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A value in a sentence or a path: a string as it is, anything else as JSON. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** True of everything that JSON.parse gives. */
function isJson(value: unknown): value is Json {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}
