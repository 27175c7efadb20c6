import bodyParser from 'body-parser';
import { type RequestHandler } from 'express';
import { BodyTimeout } from '../errors.js';

export interface BodyOptions {
  /** Bytes; a longer body is 413. */
  readonly limit: number;
  /** Milliseconds for the whole body to arrive; else the answer is 408. */
  readonly timeout: number;
}

/** Reads bodies of any verb and Content-Type: clients send some with GET, DELETE and `application/octet-stream`. */
export function bodyReader({ limit, timeout }: BodyOptions): RequestHandler {
  const read = bodyParser.raw({ type: () => true, limit });
  return (request, response, next) => {
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const done = (error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      next(error);
    };
    read(request, response, done);
    if (!isOver) timer = setTimeout(() => done(new BodyTimeout(timeout / 1_000)), timeout);
  };
}
