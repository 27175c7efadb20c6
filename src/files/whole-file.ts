import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file that has its name only when it is whole and on the disk. Its owner alone can read it, unless `fill` says
 * otherwise; nothing is left if that fails.
 * @param partial its name until then, which must be free.
 */
export async function writeWhole(
  path: string,
  partial: string,
  fill: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(partial, 'wx', 0o600);
  try {
    try {
      await fill(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** So that the name is on the disk, too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
