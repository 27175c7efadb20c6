import { isJsonObject } from '@ferrule/driver-kit';
import { BadRequest } from '../../http/errors.js';
import { fieldValue, shownScalar } from '../../resources/field-value.js';
import { checkNetworkData } from './network-data.js';
import { nodeField, type NodeFieldName } from './node-fields.js';

const INTEGER_PROPERTIES = ['local_gb', 'memory_mb'];

/** As `fieldValue`, with the rules of the field. */
export function storedValue(name: NodeFieldName, written: unknown, before?: unknown): unknown {
  const value = fieldValue(name, nodeField(name), written, before);
  if (name === 'properties' && isJsonObject(value)) checkProperties(value);
  if (name === 'network_data' && isJsonObject(value) && Object.keys(value).length > 0)
    checkNetworkData(value);
  return name === 'conductor_group' && typeof value === 'string' ? value.toLowerCase() : value;
}

function checkProperties(properties: Readonly<Record<string, unknown>>): void {
  for (const key of INTEGER_PROPERTIES) {
    const value = Object.hasOwn(properties, key) ? properties[key] : null;
    const isWhole =
      value === null ||
      (typeof value === 'number' && Number.isInteger(value) && value >= 0) ||
      (typeof value === 'string' && /^\s*\d+\s*$/.test(value));
    if (!isWhole) {
      throw new BadRequest(
        `Invalid properties: ${key} must be a non-negative integer, not ${shownScalar(value)}.`,
      );
    }
  }
}
