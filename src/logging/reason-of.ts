import { types } from 'node:util';

/** For operators: the cause's message if the error itself is worded for clients. */
export function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  // A connection to a name with several addresses fails with one error per address, and no message of its own.
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.map(reasonOf).join('; ');
  return types.isNativeError(error.cause) ? reasonOf(error.cause) : error.message;
}
