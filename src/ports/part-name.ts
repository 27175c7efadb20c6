import { BadRequest } from '../http/errors.js';
import { isLogicalName } from '../nodes/fields/node-name.js';

/** A path segment of the API. */
const RESERVED = 'detail';

/** @param what for messages: `port`. @throws BadRequest (400) */
export function assertPartName(what: string, name: unknown): void {
  if (typeof name !== 'string' || (isLogicalName(name) && name !== RESERVED)) return;
  throw new BadRequest(
    `Invalid name of a ${what}: expected 1 to 255 letters, digits or . _ ~ -, not a UUID and not "${RESERVED}".`,
  );
}
