import { type Response } from 'express';

/**
 * Ends a response with JSON, serialised once. Express would add a charset, which `application/json` does
 * not have, and look the type up again at every answer.
 */
export function sendJson(
  response: Response,
  status: number,
  value: unknown,
  type = 'application/json',
): void {
  sendJsonText(response, status, JSON.stringify(value), type);
}

/** A handler's answer that is JSON already, in parts: one large text would take long to encode at once. */
export class JsonParts {
  constructor(readonly parts: readonly Buffer[]) {}
}

export function sendJsonParts(response: Response, status: number, { parts }: JsonParts): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader(
    'Content-Length',
    parts.reduce((length, part) => length + part.length, 0),
  );
  for (const part of parts.slice(0, -1)) response.write(part);
  response.end(parts.at(-1));
}

/** The same for what is JSON text already. */
export function sendJsonText(
  response: Response,
  status: number,
  text: string,
  type = 'application/json',
): void {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

/** Ends a response without a body and so without a Content-Type: clients try to parse what has one. */
export function sendEmpty(response: Response, status: number): void {
  response.statusCode = status;
  response.removeHeader('Content-Type');
  response.end();
}
