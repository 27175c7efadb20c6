import { type Request } from 'express';
import { BadRequest } from '../../http/errors.js';
import { uuidOf } from '../../http/query/uuid.js';
import { header } from '../../http/request.js';
import { shortened } from '../../text/listed.js';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';
export const JOB_ID = 'Ferrule-Job-Id';

const KEY = /^[\x21-\x7e]{1,255}$/;

export interface CallHeaders {
  readonly idempotencyKey: string | undefined;
  /** That the caller chose for the job. */
  readonly chosenJobId: string | undefined;
}

/** @throws BadRequest (400) */
export function callHeadersOf(request: Request): CallHeaders {
  return {
    idempotencyKey: keyOf(header(request, 'idempotency-key')),
    chosenJobId: jobIdOf(header(request, 'ferrule-job-id')),
  };
}

/** Not in the message: whoever knows a key gets the answers that are kept for it. */
function keyOf(key: string | undefined): string | undefined {
  if (key === undefined || KEY.test(key)) return key;
  throw new BadRequest(`Invalid ${IDEMPOTENCY_KEY}: it must have 1 to 255 visible characters of ASCII.`);
}

function jobIdOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const id = uuidOf(text);
  if (id === undefined) throw new BadRequest(`Expected a UUID for ${JOB_ID}: ${shortened(text)}`);
  return id;
}
