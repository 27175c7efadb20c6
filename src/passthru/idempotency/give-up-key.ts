import { type FerruleError } from '@ferrule/driver-kit';
import { type Request } from 'express';

/** The key of a call that failed before its method began may be used again. Guards have no other place for what comes after them. */
export function giveUpKey({ passthruCall }: Request, error: FerruleError): void {
  passthruCall?.heldKey?.failed(error);
}
