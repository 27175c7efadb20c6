/** The service cannot start. The message names the setting and what to do; it is shown without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
