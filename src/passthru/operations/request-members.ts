import { type JsonObject, type JsonValue, MissingParameterValue } from '@ferrule/driver-kit';
import { type Request } from 'express';
import { BadRequest, UnexpectedArguments } from '../../http/errors.js';
import { jsonObject } from '../../http/bodies/json-body.js';
import { BOOLEAN_WORDS, booleanOf } from '../../http/query/boolean.js';
import { queryOf } from '../../http/query/query.js';
import { shortened } from '../../text/listed.js';

/**
 * Members of the body or of the query, as Ironic takes them.
 * @throws UnexpectedArguments for others, and BadRequest for one that is given twice: both 400.
 */
export function membersOf(request: Request, names: readonly string[]): JsonObject {
  const members: Record<string, JsonValue | undefined> = { ...jsonObject(request) };
  for (const [name, [value = '', ...others]] of queryOf(request)) {
    if (others.length > 0 || Object.hasOwn(members, name)) {
      throw new BadRequest(`Invalid ${shortened(name)}: it is given more than once.`);
    }
    members[name] = value;
  }
  const unexpected = Object.keys(members).filter((name) => !names.includes(name));
  if (unexpected.length > 0) throw new UnexpectedArguments(unexpected);
  return members;
}

/** @throws MissingParameterValue, BadRequest (400) */
export function textMember(members: JsonObject, name: string): string | null {
  const value = members[name];
  if (value === undefined) throw new MissingParameterValue(`Missing mandatory parameter: ${name}`);
  if (value === null || typeof value === 'string') return value;
  throw new BadRequest(`Expected a string for ${name}: ${shortened(JSON.stringify(value))}`);
}

/** Also written as a text. @throws BadRequest (400) */
export function integerMember(members: JsonObject, name: string): number | undefined {
  const value = members[name] ?? undefined;
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^\s*[+-]?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new BadRequest(`Expected an integer for ${name}: ${shortened(JSON.stringify(value))}`);
}

/** Also written as a word. @throws BadRequest (400) */
export function flagMember(members: JsonObject, name: string): boolean | undefined {
  const value = members[name] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  const word = typeof value === 'string' || typeof value === 'number' ? booleanOf(String(value)) : undefined;
  if (word !== undefined) return word;
  throw new BadRequest(
    `Invalid ${name}: ${shortened(JSON.stringify(value))} is not a boolean; expected one of ${BOOLEAN_WORDS}.`,
  );
}
