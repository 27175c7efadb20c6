/** A JSON value. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Whether a value is an object and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for everything JSON.parse returns. */
export function isJsonValue(value: unknown): value is JsonValue {
  return value === null || ['boolean', 'number', 'string', 'object'].includes(typeof value);
}

/** The value at a chain of property names; `undefined` if one of them is absent. */
export function valueAt(value: JsonValue | undefined, ...names: readonly string[]): JsonValue | undefined {
  let current = value;
  for (const name of names) {
    if (!isJsonObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

/** The string at a chain of property names; `undefined` for anything else. */
export function textAt(value: JsonValue | undefined, ...names: readonly string[]): string | undefined {
  const found = valueAt(value, ...names);
  return typeof found === 'string' ? found : undefined;
}

/** The path in a Redfish link, `{"@odata.id": path}`, or a bare string, which old firmware sends. */
export function linkOf(value: JsonValue | undefined): string | undefined {
  const path = isJsonObject(value) ? value['@odata.id'] : value;
  return typeof path === 'string' && path !== '' ? path : undefined;
}

/** The paths in an array of Redfish links, or in a single link. */
export function linksOf(value: JsonValue | undefined): string[] {
  const links = Array.isArray(value) ? value : [value];
  return links.map((link) => linkOf(link)).filter((path) => path !== undefined);
}

/** The target of an action such as `#VirtualMedia.EjectMedia`; `undefined` if the resource names none. */
export function actionTarget(resource: JsonObject, action: string): string | undefined {
  // Some BMCs send an empty target, which would mean the service root.
  const targets = [['Actions', action, 'target'] as const, ['Actions', 'Oem', action, 'target'] as const];
  return targets
    .map((place) => textAt(resource, ...place))
    .find((target) => target !== undefined && target !== '');
}

/** The texts of a list; empty for anything else. */
export function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
