import { isUtf8 } from 'node:buffer';
import { isJsonObject, type JsonObject, type JsonValue } from '@ferrule/driver-kit';
import bodyParser from 'body-parser';
import { type RequestHandler } from 'express';
import { type Request } from 'express';
import { MalformedBody } from '../errors.js';

/** Deeper nesting than this is 400. */
const MAXIMUM_DEPTH = 25;

/**
 * Reads the body whatever the verb and the Content-Type: clients send arguments with GET and DELETE, and
 * as `application/octet-stream`.
 * @param limit bytes; a longer body is 413.
 */
export function bodyReader(limit: number): RequestHandler {
  return bodyParser.raw({ type: () => true, limit });
}

/**
 * The body as JSON; undefined when there is none.
 * @throws MalformedBody (400)
 */
export function jsonBody(request: Request): JsonValue | undefined {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  if (!isUtf8(body)) throw new MalformedBody('The request body is not valid UTF-8.');
  return parse(body.toString('utf8'));
}

/**
 * The members of the body; none when there is no body or it is `null`.
 * @throws MalformedBody (400) for anything but an object.
 */
export function jsonObject(request: Request): JsonObject {
  const body = jsonBody(request) ?? {};
  if (!isJsonObject(body)) {
    throw new MalformedBody(`The request body must be a JSON object, not ${typeName(body)}.`);
  }
  return body;
}

/** The word for a JSON type in messages. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

function parse(text: string): JsonValue {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the text, which may hold a password.
    const position = error instanceof SyntaxError ? /at position \d+/.exec(error.message)?.[0] : undefined;
    throw new MalformedBody(`The request body is not valid JSON${position ? ` ${position}` : ''}.`);
  }
  assertWithinLimits(value, 0);
  return value;
}

function assertWithinLimits(value: unknown, depth: number): asserts value is JsonValue {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new MalformedBody('The request body has a number that is out of range.');
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAXIMUM_DEPTH) {
    throw new MalformedBody(`The request body is nested deeper than ${MAXIMUM_DEPTH} levels.`);
  }
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    assertWithinLimits(member, depth + 1);
  }
}
