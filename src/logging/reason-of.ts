/** For operators: the cause's message if the error itself is worded for clients. */
export function reasonOf(error: unknown): string {
  // A connection to a name with several addresses fails with one error per address, and no message of its own.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
