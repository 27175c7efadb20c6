import { isJsonObject, linkOf, type JsonObject, type JsonValue } from '../../json.js';

/** Members of a resource that are no settings. */
const NOT_SETTINGS = new Set(['Id', 'Name', 'Description', 'Actions', 'Links', 'Status', 'Members', 'Oem']);

/** The texts, numbers, booleans and nulls of an object by name; names of nested objects are joined by dots. */
export function flattened(value: JsonValue | undefined, prefix = ''): JsonObject {
  if (!isJsonObject(value)) return {};
  const entries = Object.entries(value).flatMap(([name, item]): [string, JsonValue][] => {
    if (name.includes('@') || name.includes('.') || (prefix === '' && NOT_SETTINGS.has(name))) return [];
    if (Array.isArray(item) || (isJsonObject(item) && linkOf(item) !== undefined)) return [];
    if (isJsonObject(item)) return Object.entries(flattened(item, `${prefix}${name}.`));
    return [[prefix + name, item]];
  });
  return Object.fromEntries(entries);
}

/** The reverse of `flattened`. */
export function nested(values: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(values)) {
    const parts = name.split('.');
    const last = parts.pop() ?? name;
    let place = result;
    for (const part of parts) {
      const known = Object.hasOwn(place, part) ? place[part] : undefined;
      const next: JsonObject = isJsonObject(known) ? known : {};
      place[part] = next;
      place = next;
    }
    place[last] = value;
  }
  return result;
}
