import { type FerruleError } from '@ferrule/driver-kit';
import { type Request } from 'express';
import { BadCredentials } from '../errors.js';
import { header, PROBLEM, wantsProblem } from '../request.js';
import { type Answer } from './answer.js';
import { credentialsEnvelope, envelope, problem } from './envelope.js';

/**
 * Sent only to clients that know it: python-ironicclient crashes on it, and asks neither for problem documents nor with
 * a key.
 */
const FATAL_HEADER = 'retry-after';

export function errorAnswer(error: FerruleError, request: Request): Answer {
  const isProblem = wantsProblem(request);
  const knowsAll = isProblem || header(request, 'idempotency-key') !== undefined;
  const headers = Object.entries(error.headers).filter(
    ([name]) => knowsAll || name.toLowerCase() !== FATAL_HEADER,
  );
  const type = isProblem ? PROBLEM : 'application/json';
  return {
    status: isProblem ? error.problemStatus : error.status,
    headers: { ...Object.fromEntries(headers), 'Content-Type': type },
    body: Buffer.from(textOf(error, request, isProblem)),
  };
}

function textOf(error: FerruleError, { requestId }: Request, isProblem: boolean): string {
  if (isProblem) return JSON.stringify(problem(error, requestId));
  return error instanceof BadCredentials ? credentialsEnvelope(error) : JSON.stringify(envelope(error));
}
