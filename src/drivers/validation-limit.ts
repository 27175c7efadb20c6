import { FerruleError } from '@ferrule/driver-kit';
import { withLimit } from '../waiting/with-limit.js';

const LIMIT_MS = 10_000;

export class ValidationTimeout extends FerruleError {
  readonly code = 'ValidationTimeout';
  readonly status = 504;

  constructor(hardwareType: string) {
    super(`Hardware type ${hardwareType} did not validate the node within ${LIMIT_MS / 1_000} s.`);
  }
}

/**
 * Settles as the validation does. @throws ValidationTimeout; a later outcome is ignored.
 * @param validation what the driver returned, which may be anything if it is written in JavaScript.
 */
export async function validatedInTime(hardwareType: string, validation: unknown): Promise<void> {
  // Most checks are synchronous, and each call makes one.
  if (typeof validation !== 'object' || validation === null) return;
  await withLimit(Promise.resolve(validation), LIMIT_MS, new ValidationTimeout(hardwareType));
}
