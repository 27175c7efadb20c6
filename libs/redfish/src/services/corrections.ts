import { RedfishValidationError } from '../errors.js';
import type { JsonObject } from '../json.js';

/**
 * Sends a body, and after a refusal of its content what `correct` makes of it, at most `most` more times.
 *
 * @param correct the next body; undefined if the refusal has another reason
 * @returns what `send` returned, and the body it was sent with
 * @throws the last refusal
 */
export async function sendCorrected<T>(
  body: JsonObject,
  most: number,
  send: (body: JsonObject) => Promise<T>,
  correct: (body: JsonObject, error: RedfishValidationError) => JsonObject | undefined,
): Promise<{ readonly result: T; readonly body: JsonObject }> {
  let sent = body;
  for (let corrections = 0; ; corrections += 1) {
    try {
      return { result: await send(sent), body: sent };
    } catch (error) {
      const better = error instanceof RedfishValidationError ? correct(sent, error) : undefined;
      if (better === undefined || corrections >= most) throw error;
      sent = better;
    }
  }
}

/** Whether something was asked for: empty texts and lists are not. */
export function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '';
}

/** The names of what was asked for and what the BMC objects to. */
export function refusedOf(wanted: object, error: RedfishValidationError): string[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    isGiven(value) && error.objectsTo(name) ? [name] : [],
  );
}
