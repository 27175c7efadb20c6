import { isJsonObject, type JsonValue } from '@ferrule/driver-kit';
import { BadRequest, NotAcceptable, UnexpectedArguments } from '../http/errors.js';
import { typeName } from '../json/type-name.js';
import { fieldValue } from './field-value.js';
import { isFieldOf, namesOf, type ResourceFields } from './resource-field.js';

/**
 * The members of a body that creates a resource.
 * @param what for messages: `A node`.
 * @throws BadRequest (400), NotAcceptable (406)
 */
export function givenMembers<F extends string>(
  fields: ResourceFields<F>,
  what: string,
  body: JsonValue,
  microversion: number,
): Map<F, unknown> {
  if (!isJsonObject(body)) throw new BadRequest(`${what} is a JSON object, not ${typeName(body)}.`);
  const members = new Map<F, unknown>();
  const unexpected: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (isFieldOf(fields, name) && fields[name].write.includes('C')) members.set(name, value);
    else unexpected.push(name);
  }
  if (unexpected.length > 0) throw new UnexpectedArguments(unexpected);
  for (const name of creatable(fields)) {
    const { type, empty } = fields[name];
    const isMandatory = empty === undefined && type !== 'interface';
    if (isMandatory && (members.get(name) ?? null) === null) {
      throw new BadRequest(`The field ${name} is mandatory.`);
    }
  }
  for (const [name, value] of members) {
    const { since, empty } = fields[name];
    // Clients send null, or "" for conductor_group, for every field they know but have no value for.
    const isNothing = value === null || (empty === '' && value === '');
    if (since > microversion && !isNothing) throw NotAcceptable.before(name, since);
  }
  return members;
}

/** Of all fields that can be given when a resource is created. @throws BadRequest (400), NotAcceptable (406) */
export function givenValues<F extends string>(
  fields: ResourceFields<F>,
  what: string,
  body: JsonValue,
  microversion: number,
): Map<F, unknown> {
  const members = givenMembers(fields, what, body, microversion);
  return new Map(
    creatable(fields).map((name) => [name, fieldValue(name, fields[name], members.get(name) ?? null)]),
  );
}

function creatable<F extends string>(fields: ResourceFields<F>): F[] {
  return namesOf(fields).filter((name) => fields[name].write.includes('C'));
}
