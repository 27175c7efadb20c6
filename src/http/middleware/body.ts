import bodyParser from 'body-parser';
import { type Request, type RequestHandler } from 'express';
import { BodyAbandoned, BodyTimeout, BodyTooLong, MalformedBody } from '../errors.js';
import { HeldBytes } from '../limits/held-bytes.js';
import { header } from '../request.js';

export interface BodyOptions {
  /** Bytes; a longer body is 413. */
  readonly limit: number;
  /** Milliseconds for the whole body to arrive; else the answer is 408. */
  readonly timeout: number;
  /** Bytes that all unfinished bodies may have together; above that, the oldest are 503. */
  readonly total: number;
}

/** Reads bodies of any verb and Content-Type: clients send some with GET, DELETE and `application/octet-stream`. */
export function bodyReader({ limit, timeout, total }: BodyOptions): RequestHandler {
  const read = bodyParser.raw({ type: () => true, limit });
  const unfinished = new HeldBytes(total);
  return (request, response, next) => {
    // The parser would refuse it only after it arrived.
    if (Number(header(request, 'content-length')) > limit) {
      next(new BodyTooLong(limit));
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const done = (error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      unfinished.remove(body);
      next(worded(error, limit));
    };
    const body = { abandon: () => done(new BodyAbandoned()) };
    read(request, response, done);
    if (!isOver) {
      timer = setTimeout(() => done(new BodyTimeout(timeout / 1_000)), timeout);
      unfinished.add(body, isCompressed(request) ? limit : 0);
      let length = 0;
      request.on('data', (chunk: Buffer) => {
        if (isOver) return;
        length += chunk.length;
        if (length > limit) done(new BodyTooLong(limit));
        else unfinished.grow(body, chunk.length);
      });
    }
  };
}

function isCompressed(request: Request): boolean {
  return (header(request, 'content-encoding') ?? 'identity') !== 'identity';
}

/** The parser has words of its own for a compressed body. */
function worded(error: unknown, limit: number): unknown {
  if (!(error instanceof Error)) return error;
  if ('type' in error && error.type === 'entity.too.large') return new BodyTooLong(limit);
  const isBroken = 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
  return isBroken ? new MalformedBody('The compressed body of the request is broken.') : error;
}
