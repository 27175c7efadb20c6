import { type JsonObject } from '@ferrule/driver-kit';
import fc from 'fast-check';
import { type InvalidArguments, invalidVariants } from '../arguments/invalid.js';
import { validArguments } from '../arguments/valid.js';
import { type Answer } from '../host/answer.js';
import { type Method } from '../subject/subject.js';
import { type Called, send } from './examples.js';
import { fixedOf } from './made-up.js';
import { type Stage } from './stage.js';

/** A call with arguments that the schema forbids. */
export interface Refusal {
  readonly method: Method;
  readonly invalid: InvalidArguments;
  /** Of a call on a free node. */
  readonly answer: Answer;
  /** On a locked node the call was not refused for its arguments, but for the lock. */
  readonly hasWaited: boolean;
}

const LOCKED = 409;

/**
 * Calls every method with arguments that are made wrong. Those under an exclusive lock are called on a locked node
 * first.
 */
export async function collectRefusals(stage: Stage, called: readonly Called[]): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  for (const method of stage.subject.methods) {
    for (const invalid of invalidOf(stage, called, method)) {
      refusals.push(await refusalOf(stage, method, invalid));
    }
  }
  return refusals;
}

function invalidOf(stage: Stage, called: readonly Called[], method: Method): InvalidArguments[] {
  const { runs = 20, seed = 1 } = stage.options;
  const wrong = validArguments(method.schema, fixedOf(stage, called, method)).chain((valid: JsonObject) => {
    const variants = invalidVariants(method.schema, valid);
    return variants.length > 0 ? fc.constantFrom(...variants) : fc.constant(undefined);
  });
  return fc.sample(wrong, { numRuns: runs, seed }).filter((each) => each !== undefined);
}

async function refusalOf(stage: Stage, method: Method, invalid: InvalidArguments): Promise<Refusal> {
  const host = await stage.host();
  const node = await stage.nodeOf(method.owner);
  const call = () => send(host, node, method, invalid.args);
  if (method.scope === 'driver' || method.isShared) {
    return { method, invalid, answer: await call(), hasWaited: false };
  }
  const lock = await host.lock(node);
  let answer: Answer;
  try {
    answer = await call();
  } finally {
    await lock.release();
  }
  return answer.status === LOCKED
    ? { method, invalid, answer: await call(), hasWaited: true }
    : { method, invalid, answer, hasWaited: false };
}
