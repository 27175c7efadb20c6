import { type Response } from 'express';
import { holdAnswer } from './unread-answers.js';

/** Whole, as it is sent or kept. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export function sendAnswer(response: Response, { status, headers, body }: Answer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Content-Length', body.byteLength);
  holdAnswer(response, body.byteLength);
  response.end(body);
}
