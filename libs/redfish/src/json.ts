/** A value as JSON carries it. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object: the body of every Redfish resource, and of every request to one. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Whether a value is an object and no array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True of everything JSON.parse returns. */
export function isJsonValue(value: unknown): value is JsonValue {
  return value === null || ['boolean', 'number', 'string', 'object'].includes(typeof value);
}

/** Reads along a chain of property names; `undefined` as soon as one is not there. */
export function valueAt(value: JsonValue | undefined, ...names: readonly string[]): JsonValue | undefined {
  let current = value;
  for (const name of names) {
    if (!isJsonObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

/** Reads a string along a chain of property names; anything but a string is `undefined`. */
export function textAt(value: JsonValue | undefined, ...names: readonly string[]): string | undefined {
  const found = valueAt(value, ...names);
  return typeof found === 'string' ? found : undefined;
}

/** The path in a Redfish link, `{"@odata.id": path}`; also a bare string, which old firmware sends. */
export function linkOf(value: JsonValue | undefined): string | undefined {
  const path = isJsonObject(value) ? value['@odata.id'] : value;
  return typeof path === 'string' && path !== '' ? path : undefined;
}

/** The paths in an array of Redfish links; a single link counts as an array of one. */
export function linksOf(value: JsonValue | undefined): string[] {
  const links = Array.isArray(value) ? value : [value];
  return links.map((link) => linkOf(link)).filter((path) => path !== undefined);
}

/**
 * The target of an action of a resource, for example `#VirtualMedia.EjectMedia`;
 * `undefined` where the resource does not offer it (or offers it without a target).
 */
export function actionTarget(resource: JsonObject, action: string): string | undefined {
  return (
    textAt(resource, 'Actions', action, 'target') ?? textAt(resource, 'Actions', 'Oem', action, 'target')
  );
}
