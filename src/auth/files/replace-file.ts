import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { FileProblem, readText } from '../../config/watched-file.js';

/**
 * Writes a file wholly or not at all. It keeps its owner, group and mode; a new one can be read by its owner only. Two
 * writers at a time are kept apart.
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
    const former = statSync(target, { throwIfNoEntry: false });
    const text = await edit(former === undefined ? undefined : readText(target));
    writeSync(file, text);
    fsyncSync(file);
    if (former !== undefined) keepAccess(file, former);
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

/** Of the file that a symbolic link names. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Who could read the former file can read this one, and nobody else. */
function keepAccess(file: number, { uid, gid, mode }: Stats): void {
  const own = process.getuid?.();
  try {
    fchownSync(file, own === 0 || own === undefined ? uid : own, gid);
  } catch {
    // Not a member of the group: another group must not get what that one had.
    fchmodSync(file, mode & 0o707);
    return;
  }
  fchmodSync(file, mode & 0o777);
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
