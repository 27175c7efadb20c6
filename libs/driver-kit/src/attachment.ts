const BRAND = Symbol.for('ferrule.attachment');

/**
 * A file as the result of a method that declares `attach: true`.
 *
 * Sent as its bytes with its content type and, when it has a name, a `Content-Disposition`. The attachment
 * of an asynchronous method is kept with its job and fetched from there.
 */
export class Attachment {
  readonly [BRAND] = true;
  readonly bytes: Uint8Array;

  /**
   * @param body text (sent as UTF-8) or bytes.
   * @param contentType media type, for example `text/plain; charset=utf-8`.
   * @param filename the name to save it under; no path.
   */
  constructor(
    body: string | Uint8Array,
    readonly contentType = 'application/octet-stream',
    readonly filename?: string,
  ) {
    this.bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  }

  /** Two copies of the kit may be installed; an attachment of either is recognised. */
  static is(value: unknown): value is Attachment {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
