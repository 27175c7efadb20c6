/** One part of an archive: a JSON value that describes what follows, or bytes of a table. */
export type Frame = { readonly json: unknown } | { readonly bytes: Buffer };

/** The archive is not what a backup wrote: it was cut off, changed, or is another kind of file. */
export class DamagedArchive extends Error {
  override readonly name = 'DamagedArchive';
}

/** Kind and length come before the content of a frame. */
const HEAD = 5;
const JSON_KIND = 0x6a;
const BYTES_KIND = 0x62;
/** A chunk of a table has 64 KiB, and a description of all tables some kilobytes. */
const LONGEST = 64 * 1024 * 1024;

export function jsonFrame(value: unknown): Buffer {
  return frame(JSON_KIND, Buffer.from(JSON.stringify(value)));
}

export function* bytesFrames(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += LONGEST) {
    yield frame(BYTES_KIND, bytes.subarray(start, start + LONGEST));
  }
}

function frame(kind: number, content: Buffer): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUInt8(kind);
  head.writeUInt32BE(content.length, 1);
  return Buffer.concat([head, content]);
}

/** @throws DamagedArchive if the bytes are no frames, or end within one. */
export async function* framesOf(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let held: Buffer[] = [];
  let size = 0;
  let wanted = HEAD;
  for await (const chunk of source) {
    held.push(chunk);
    size += chunk.length;
    if (size < wanted) continue;
    let rest = held.length === 1 ? chunk : Buffer.concat(held);
    for (wanted = sizeOf(rest); rest.length >= wanted; wanted = sizeOf(rest)) {
      yield parse(rest.subarray(0, wanted));
      rest = rest.subarray(wanted);
    }
    held = [rest];
    size = rest.length;
  }
  if (size > 0) throw new DamagedArchive('it ends within a part');
}

/** Of the frame that the bytes begin with, or of its head if that is not complete. */
function sizeOf(bytes: Buffer): number {
  if (bytes.length < HEAD) return HEAD;
  const kind = bytes.readUInt8();
  const length = bytes.readUInt32BE(1);
  if ((kind !== JSON_KIND && kind !== BYTES_KIND) || length > LONGEST) {
    throw new DamagedArchive('it has a part of an unknown kind');
  }
  return HEAD + length;
}

function parse(bytes: Buffer): Frame {
  const content = bytes.subarray(HEAD);
  if (bytes.readUInt8() === BYTES_KIND) return { bytes: content };
  try {
    return { json: JSON.parse(content.toString()) as unknown };
  } catch {
    throw new DamagedArchive('a description in it is no JSON');
  }
}
