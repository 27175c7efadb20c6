import { FerruleError } from '@ferrule/driver-kit';
import { type Request } from 'express';
import { InternalError } from '../../http/errors.js';
import { errorAnswer } from '../../http/replies/error-answer.js';
import { callOf } from '../call/call-of.js';
import { type Outcome, resultAnswer } from '../call/outcome.js';
import { type HeldKey } from '../call/held-key.js';

/** The outcome of a call; with a key, its answer is stored before. */
export function keptOutcome(request: Request, outcome: Promise<Outcome>): Promise<Outcome> {
  const { heldKey } = callOf(request);
  return heldKey ? kept(request, heldKey, outcome) : outcome;
}

async function kept(request: Request, key: HeldKey, running: Promise<Outcome>): Promise<Outcome> {
  let outcome: Outcome;
  try {
    outcome = await running;
  } catch (error) {
    const known = FerruleError.is(error) ? error : new InternalError(request.requestId, error);
    if (key.hasBegun) await key.answered(errorAnswer(known, request));
    throw error;
  }
  if ('jobId' in outcome) key.accepted();
  else await key.answered(resultAnswer(outcome));
  return outcome;
}
