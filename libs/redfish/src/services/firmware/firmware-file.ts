import type { CallOptions, RedfishUpload } from '../../types.js';

const MIB = 1024 * 1024;

/** An image to upload. */
export interface FirmwareFile extends Pick<RedfishUpload, 'file' | 'size'> {
  /** Default: `firmware.bin`. Some BMCs recognise the kind of an image by it. */
  readonly filename?: string | undefined;
}

/** Bytes of a file, if known. */
export function sizeOf({ file, size }: FirmwareFile): number | undefined {
  return file instanceof Uint8Array ? file.length : size;
}

/** The bytes of a file, which report how much of it was taken: each percent, or each MiB if its size is not known. */
export async function* reporting(
  source: FirmwareFile,
  onProgress: NonNullable<CallOptions['onProgress']>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { file } = source;
  const size = sizeOf(source);
  const step = size === undefined ? MIB : Math.max(1, Math.ceil(size / 100));
  let sent = 0;
  let next = 0;
  for await (const piece of file instanceof Uint8Array ? [file] : file) {
    yield piece;
    sent += piece.length;
    if (sent < next) continue;
    next = sent + step;
    const of = size === undefined ? '' : ` of ${mib(size)}`;
    onProgress({ message: `Sent ${mib(sent)}${of} MiB of the image` });
  }
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
