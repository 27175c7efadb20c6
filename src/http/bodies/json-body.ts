import { isUtf8 } from 'node:buffer';
import { isJsonObject, type JsonObject, type JsonValue } from '@ferrule/driver-kit';
import { type Request } from 'express';
import { typeName } from '../../json/type-name.js';
import { MalformedBody } from '../errors.js';
import { assertExactIntegers, assertStorable } from './assert-json.js';
import { traitsOf } from '../../json/json-text.js';
import { MAXIMUM_VALUES } from '../../json/json-size.js';
import { MAXIMUM_DEPTH } from '../../json/storable.js';

/** @param most members and items. */
export function jsonBody(request: Request, most = MAXIMUM_VALUES): JsonValue | undefined {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  if (!isUtf8(body)) throw new MalformedBody('The request body is not valid UTF-8.');
  return parse(body, most);
}

/** Empty when there is no body or it is `null`. @throws MalformedBody (400) for other values. */
export function jsonObject(request: Request): JsonObject {
  const body = jsonBody(request) ?? {};
  if (!isJsonObject(body)) {
    throw new MalformedBody(`The request body must be a JSON object, not ${typeName(body)}.`);
  }
  return body;
}

function parse(body: Buffer, most: number): JsonValue {
  const { depth, values, needsInspection, hasLongNumber } = traitsOf(body);
  if (values > most) {
    throw new MalformedBody(`The request body has more than ${most} members and items.`);
  }
  if (depth > MAXIMUM_DEPTH) {
    throw new MalformedBody(`The request body is nested deeper than ${MAXIMUM_DEPTH} levels.`);
  }
  const text = body.toString('utf8');
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    // The parser's message quotes the text, which may contain a password.
    const position = error instanceof SyntaxError ? /at position \d+/.exec(error.message)?.[0] : undefined;
    throw new MalformedBody(`The request body is not valid JSON${position ? ` ${position}` : ''}.`);
  }
  if (needsInspection) assertStorable(value, 'The request body');
  if (hasLongNumber) assertExactIntegers(text, 'The request body');
  return value;
}
