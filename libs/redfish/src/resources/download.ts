import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { AccessRequest, ClientAccess } from '../access/client-access.js';
import { published, type Reply } from '../wire/answer.js';
import { RedfishResponseError } from '../errors.js';
import type { CallOptions, RedfishDownload } from '../types.js';
import type { WireBody } from '../wire/wire-body.js';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Reads anything as a stream. */
export async function download(
  access: ClientAccess,
  path: string,
  options: Pick<CallOptions, 'signal' | 'timeout'>,
): Promise<RedfishDownload> {
  const reply = await openStream(access, { ...options, method: 'GET', path });
  const { status, headers, url } = published(reply);
  return { status, headers, url, ...bodyOf(reply) };
}

/** Resolves when the body begins. Until its end the account is in use, and keeps its session. */
export async function openStream(
  access: ClientAccess,
  request: AccessRequest,
  headers?: Readonly<Record<string, string>>,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const hold = async (): Promise<void> => {
      const reply = await access.call({ ...request, isStreamed: true }, headers);
      resolve(reply);
      await reply.stream?.over;
    };
    access.use(hold).catch(reject);
  });
}

/** The body of a streamed answer and its size, without a compression that was not asked for. */
function bodyOf(reply: Reply): Pick<RedfishDownload, 'body' | 'size'> {
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
