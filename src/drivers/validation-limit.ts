import { FerruleError } from '@ferrule/driver-kit';

/** Milliseconds. */
const LIMIT = 10_000;

/** 504: the check of a node by its hardware type did not end in time. */
export class ValidationTimeout extends FerruleError {
  readonly code = 'ValidationTimeout';
  readonly status = 504;

  constructor(hardwareType: string) {
    super(`Hardware type ${hardwareType} did not validate the node within ${LIMIT / 1_000} s.`);
  }
}

/** Settles as the validation does. @throws ValidationTimeout; a later outcome is ignored. */
export async function validatedInTime(hardwareType: string, validation: void | Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ValidationTimeout(hardwareType)), LIMIT);
  });
  try {
    await Promise.race([validation, end]);
  } finally {
    clearTimeout(timer);
  }
}
