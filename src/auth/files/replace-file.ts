import {
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { FileProblem, readText } from '../../config/watched-file.js';

/**
 * Writes a file that only its owner can read, wholly or not at all. Two writers at a time are kept apart.
 * @param edit gets the content before, which is undefined if there is no file.
 * @throws FileProblem
 */
export async function replaceFile(
  path: string,
  edit: (text: string | undefined) => string | Promise<string>,
): Promise<void> {
  const target = realPath(path);
  const next = `${target}.lock`;
  const file = openLock(next);
  let isOpen = true;
  try {
    const former = ownerOf(target);
    const text = await edit(former === undefined ? undefined : readText(target));
    writeSync(file, text);
    fsyncSync(file);
    // Root may write the file of the service's user.
    if (former !== undefined && process.getuid?.() === 0) chownSync(next, former.uid, former.gid);
    closeSync(file);
    isOpen = false;
    renameSync(next, target);
    syncFolder(dirname(target));
  } catch (error) {
    if (isOpen) closeSync(file);
    rmSync(next, { force: true });
    throw error;
  }
}

function openLock(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new FileProblem([
        `'${path}' exists: another command writes the file now, or one was interrupted; then remove it`,
      ]);
    }
    throw new FileProblem([`'${path}' cannot be written (${codeOf(error)})`]);
  }
}

/** A link stays a link. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function ownerOf(path: string): { readonly uid: number; readonly gid: number } | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
