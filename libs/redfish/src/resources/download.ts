import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Reply } from '../wire/answer.js';
import { RedfishResponseError } from '../errors.js';
import type { RedfishDownload } from '../types.js';
import type { WireBody } from '../wire/wire-body.js';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The body of a streamed answer and its size, without a compression that was not asked for. */
export function bodyOf(reply: Reply): Pick<RedfishDownload, 'body' | 'size'> {
  const { stream, headers } = reply;
  if (stream === undefined) return { body: Readable.from([]), size: 0 };
  const decoder = DECODERS[headers['content-encoding']?.trim().toLowerCase() ?? ''];
  if (decoder !== undefined) {
    const body = Readable.from(decoded(stream, decoder(), reply), { objectMode: false });
    body.once('close', () => stream.destroy());
    return { body, size: undefined };
  }
  const length = headers['content-length'];
  return { body: stream, size: length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined };
}

async function* decoded(
  stream: WireBody,
  decoder: Transform,
  { url, status }: Reply,
): AsyncGenerator<Buffer> {
  try {
    // An error of the stream is that of the decoder, too.
    yield* pipeline(stream, decoder, () => undefined);
  } catch (error) {
    if (!(error instanceof Error) || !('errno' in error) || stream.errored !== null) throw error;
    throw new RedfishResponseError(`The answer of GET ${url} is not compressed as it says.`, {
      method: 'GET',
      url,
      status,
      cause: error,
    });
  }
}
