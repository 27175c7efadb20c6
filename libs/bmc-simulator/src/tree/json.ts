export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json | undefined;
}

/** Whether a value is an object and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function childObject(value: JsonObject | undefined, key: string): JsonObject {
  const child = value?.[key];
  return isJsonObject(child) ? child : {};
}

export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function linkOf(value: Json | undefined): string | undefined {
  return isJsonObject(value) ? stringOf(value['@odata.id']) : undefined;
}

export function linksOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(linkOf).filter((link) => link !== undefined) : [];
}

export function link(path: string): JsonObject {
  return { '@odata.id': path };
}

export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function isJson(value: unknown): value is Json {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}
