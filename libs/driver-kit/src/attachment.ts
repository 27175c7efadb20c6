const BRAND = Symbol.for('ferrule.attachment');

/**
 * A file as the result of a method that declares `attach: true`, sent with its content type and, if it has a name, a
 * `Content-Disposition`. That of an asynchronous method is stored with the job.
 */
export class Attachment {
  readonly [BRAND] = true;
  readonly bytes: Uint8Array;

  /**
   * @param body text, sent as UTF-8, or bytes
   * @param contentType media type, for example `text/plain; charset=utf-8`
   * @param filename suggested name, without a path
   */
  constructor(
    body: string | Uint8Array,
    readonly contentType = 'application/octet-stream',
    readonly filename?: string,
  ) {
    this.bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  }

  /** Also true for an attachment of another installed copy of the kit. */
  static is(value: unknown): value is Attachment {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
