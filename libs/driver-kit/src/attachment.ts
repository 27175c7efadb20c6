const BRAND = Symbol.for('ferrule.attachment');

/**
 * The result of a method with `attach: true`: a file of at most 16 MiB, sent with its content type and, if named, a
 * `Content-Disposition`. That of an asynchronous method is stored with the job.
 */
export class Attachment {
  readonly [BRAND] = true;
  readonly bytes: Uint8Array;

  /** @param contentType a media type; @param filename a suggested name, without a path */
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
