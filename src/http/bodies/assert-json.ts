import { type JsonValue } from '@ferrule/driver-kit';
import { inexactIntegerProblem } from '../../json/exact-integers.js';
import { storableProblem } from '../../json/storable.js';
import { MalformedBody } from '../errors.js';

/**
 * @param source start of the message, for example `The request body`.
 * @throws MalformedBody (400) naming the place but not the value.
 */
export function assertStorable(value: unknown, source: string): asserts value is JsonValue {
  refuse(source, storableProblem(value));
}

/** @param json valid JSON. @param source as above. @throws MalformedBody (400) naming the place but not the value. */
export function assertExactIntegers(json: string, source: string): void {
  refuse(source, inexactIntegerProblem(json));
}

function refuse(source: string, problem: string | undefined): void {
  if (problem !== undefined) throw new MalformedBody(`${source} ${problem}.`);
}
