import { realpathSync, type Stats, statSync } from 'node:fs';
import { type FileHandle } from 'node:fs/promises';
import { codeOf } from '../../files/error-code.js';
import { FileProblem, readText } from '../../files/watched-file.js';
import { writeWhole } from '../../files/whole-file.js';

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
  const lock = `${target}.lock`;
  try {
    await writeWhole(target, lock, async (file) => {
      const former = statSync(target, { throwIfNoEntry: false });
      await file.writeFile(await edit(former === undefined ? undefined : readText(target)));
      if (former !== undefined) await keepAccess(file, former);
    });
  } catch (error) {
    throw problemOf(error, lock);
  }
}

function problemOf(error: unknown, lock: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new FileProblem([
    code === 'EEXIST'
      ? `'${lock}' exists: another command writes the file now, or one was interrupted; then remove it`
      : `'${lock}' cannot be written (${code})`,
  ]);
}

/** Of the file that a symbolic link names. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The users that could read the former file can read this one, and nobody else can. */
async function keepAccess(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const own = process.getuid?.();
  try {
    await file.chown(own === 0 || own === undefined ? uid : own, gid);
  } catch {
    // Not a member of the group: another group must not get what that one had.
    await file.chmod(mode & 0o707);
    return;
  }
  await file.chmod(mode & 0o777);
}
