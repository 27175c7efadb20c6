import { Readable } from 'node:stream';
import { bytesFrames, DamagedArchive, type Frame, framesOf, jsonFrame } from './frames.js';

async function read(bytes: Buffer, portion: number): Promise<Frame[]> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += portion) chunks.push(bytes.subarray(at, at + portion));
  const frames: Frame[] = [];
  for await (const frame of framesOf(Readable.from(chunks) as AsyncIterable<Buffer>)) frames.push(frame);
  return frames;
}

describe('framesOf', () => {
  const archive = Buffer.concat([
    jsonFrame({ table: 'ż' }),
    ...bytesFrames(Buffer.from('1\tone\n')),
    ...bytesFrames(Buffer.alloc(0)),
    jsonFrame(null),
  ]);
  const frames = [{ json: { table: 'ż' } }, { bytes: Buffer.from('1\tone\n') }, { json: null }];

  it.each([1, 4, 5, 6, 7, 1_000])('reads what was written, in chunks of %i bytes', async (portion) => {
    expect(await read(archive, portion)).toEqual(frames);
  });

  it('rejects what is no frame, and an end within one', async () => {
    await expect(read(Buffer.from('PGDMP is of pg_dump'), 3)).rejects.toThrow(DamagedArchive);
    await expect(read(archive.subarray(0, -1), 9)).rejects.toThrow('it ends within a part');
    await expect(read(Buffer.from('j\0\0\0\x01{'), 9)).rejects.toThrow('no JSON');
  });
});
