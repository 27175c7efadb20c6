/** Why the service cannot start, in a sentence that names the setting and what to do. It needs no stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
