import { type z } from 'zod';
import { DamagedArchive, type Frame } from './frames.js';

/** Takes the frames of an archive one after the other. */
export class ArchiveReader {
  private ahead: Frame | undefined;

  constructor(private readonly frames: AsyncIterator<Frame>) {}

  /** @throws DamagedArchive if there is another description, or none. */
  async description<T>(schema: z.ZodType<T>): Promise<T> {
    const json = await this.anyDescription();
    const { success, data } = schema.safeParse(json);
    if (!success) throw new DamagedArchive('a description in it has other fields than expected');
    return data;
  }

  async anyDescription(): Promise<unknown> {
    const frame = await this.next();
    if (frame === undefined) throw new DamagedArchive('it ends too early');
    if (!('json' in frame)) throw new DamagedArchive('it has rows where a description must be');
    return frame.json;
  }

  /** Up to the next description. */
  async *bytes(): AsyncGenerator<Buffer> {
    for (let frame = await this.next(); frame !== undefined; frame = await this.next()) {
      if ('json' in frame) {
        this.ahead = frame;
        return;
      }
      yield frame.bytes;
    }
  }

  async end(): Promise<void> {
    if ((await this.next()) !== undefined) throw new DamagedArchive('it goes on after its end');
  }

  private async next(): Promise<Frame | undefined> {
    const { ahead } = this;
    this.ahead = undefined;
    if (ahead !== undefined) return ahead;
    const next: IteratorResult<Frame, unknown> = await this.frames.next();
    return next.done === true ? undefined : next.value;
  }
}
