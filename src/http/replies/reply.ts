import { type Response } from 'express';

/** Express's `json` adds a charset and looks up the type for every answer. */
export function sendJson(
  response: Response,
  status: number,
  value: unknown,
  type = 'application/json',
): void {
  sendJsonText(response, status, JSON.stringify(value), type);
}

/** Encoding one large text would block other requests. */
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

export function sendText(response: Response, text: string, type: string): void {
  sendJsonText(response, 200, text, type);
}

/** No Content-Type either: clients parse any answer that has one. */
export function sendEmpty(response: Response, status: number): void {
  response.statusCode = status;
  response.removeHeader('Content-Type');
  response.end();
}
