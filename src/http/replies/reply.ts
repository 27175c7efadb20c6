import { type Response } from 'express';
import { holdAnswer } from './unread-answers.js';

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
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  response.setHeader('Content-Length', length);
  holdAnswer(response, length);
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
  const length = Buffer.byteLength(text);
  response.setHeader('Content-Length', length);
  holdAnswer(response, length);
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
