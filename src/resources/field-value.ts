import { isJsonObject } from '@ferrule/driver-kit';
import { BadRequest } from '../http/errors.js';
import { BOOLEAN_WORDS, booleanOf } from '../http/query/boolean.js';
import { macOf } from '../http/query/mac.js';
import { uuidOf } from '../http/query/uuid.js';
import { typeName } from '../json/type-name.js';
import { assertFieldFits } from './field-limits.js';
import { type ResourceField } from './resource-field.js';

/**
 * Null becomes the field's empty value, or stays null for an interface, whose default depends on the driver.
 * @param before what is stored now.
 * @throws BadRequest (400)
 */
export function fieldValue(name: string, field: ResourceField, value: unknown, before?: unknown): unknown {
  if (value === null) {
    if (field.type === 'interface') return null;
    if (field.empty === undefined) throw new BadRequest(`The field ${name} is mandatory and cannot be null.`);
    return field.empty;
  }
  switch (field.type) {
    case 'boolean':
      return booleanValue(name, value);
    case 'object':
      return objectValue(name, value, before);
    case 'mac':
      return macValue(value);
    case 'uuid':
      return uuidValue(name, value);
    default:
      return textValue(name, field, value);
  }
}

function booleanValue(name: string, value: unknown): boolean {
  const boolean = typeof value === 'string' ? booleanOf(value) : value;
  if (typeof boolean === 'boolean') return boolean;
  throw new BadRequest(`Invalid ${name}: expected a boolean or one of ${BOOLEAN_WORDS}.`);
}

function objectValue(name: string, value: unknown, before: unknown): object {
  if (!isJsonObject(value))
    throw new BadRequest(`Invalid ${name}: expected an object, not ${typeName(value)}.`);
  assertFieldFits(name, value, before);
  return value;
}

function uuidValue(name: string, value: unknown): string {
  const uuid = typeof value === 'string' ? uuidOf(value) : undefined;
  if (uuid !== undefined) return uuid;
  throw new BadRequest(`Expected a UUID for ${name}: ${shownScalar(value)}`);
}

function macValue(value: unknown): string {
  const address = typeof value === 'string' ? macOf(value) : undefined;
  if (address !== undefined) return address;
  throw new BadRequest(`Expected a MAC address but received ${shownScalar(value)}.`);
}

function textValue(name: string, { minimum = 0, maximum = Infinity }: ResourceField, value: unknown): string {
  if (typeof value !== 'string') {
    throw new BadRequest(`Invalid ${name}: expected a string, not ${typeName(value)}.`);
  }
  // Ironic and PostgreSQL count characters, not UTF-16 units.
  const length = [...value].length;
  if (length < minimum) throw new BadRequest(`Invalid ${name}: it is empty.`);
  if (length > maximum) {
    throw new BadRequest(`Invalid ${name}: it has ${length} characters, ${maximum} are allowed.`);
  }
  return value;
}

/** For messages: a short scalar as it is, otherwise its type. */
export function shownScalar(value: unknown): string {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar && String(value).length <= 80 ? String(value) : typeName(value);
}
