import { Refusal } from '../messages/errors.js';
import { isJsonObject, type Json, type JsonObject, stringOf, textOf } from '../tree/json.js';

/** Read-only in every schema that a simulated BMC has. */
const READ_ONLY = new Set([
  'Id',
  'Name',
  'Description',
  'Actions',
  'Links',
  'Status',
  'Members',
  'PowerState',
  'Manufacturer',
  'Model',
  'SerialNumber',
  'PartNumber',
  'SKU',
  'UUID',
  'SystemType',
  'ManagerType',
  'FirmwareVersion',
  'BiosVersion',
  'ProcessorSummary',
  'MemorySummary',
  'UserName',
  'SerialCLIUART',
  'SecurityState',
]);

const ANNOTATIONS = new Set(['@odata.id', '@odata.type', '@odata.etag', '@Redfish.OperationApplyTime']);

/** Whether a client may send this property of a resource back, without an effect. */
export function isAnnotation(name: string): boolean {
  return ANNOTATIONS.has(name);
}

/** The changes of a PATCH, if the resource has each property with that type, and none is read-only. */
export function checkPatch(resource: JsonObject, body: JsonObject): JsonObject {
  const changes = Object.entries(body).filter(([name]) => !isAnnotation(name));
  if (changes.length === 0) {
    throw new Refusal(400, { id: 'NoOperation', text: 'The request names no property to change.' });
  }
  changes.forEach(([name, value]) => checkProperty(resource, name, value));
  return Object.fromEntries(changes);
}

function checkProperty(resource: JsonObject, name: string, value: Json | undefined, parent = ''): void {
  const shown = parent + name;
  const present = resource[name];
  if (!Object.hasOwn(resource, name) || present === undefined) {
    throw Refusal.unknownProperty(shown);
  }
  if (READ_ONLY.has(name) || name.includes('@') || isLink(present)) {
    const text = `The property ${shown} is read-only.`;
    throw new Refusal(400, { id: 'PropertyNotWritable', text, args: [shown], related: [shown] });
  }
  if (isJsonObject(present) && isJsonObject(value)) {
    Object.entries(value).forEach(([child, item]) => checkProperty(present, child, item, `${shown}/`));
    return;
  }
  if (present !== null && value !== null && kindOf(present) !== kindOf(value)) {
    throw Refusal.badValue(shown, textOf(value), 'PropertyValueTypeError');
  }
  const allowed = resource[`${name}@Redfish.AllowableValues`];
  if (Array.isArray(allowed) && !allowed.includes(value ?? null)) {
    throw Refusal.badValue(shown, stringOf(value) ?? textOf(value));
  }
}

function isLink(value: Json): boolean {
  return isJsonObject(value) && '@odata.id' in value;
}

function kindOf(value: Json | undefined): string {
  return Array.isArray(value) ? 'array' : typeof value;
}
