/** Names the setting and what to do; shown without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
