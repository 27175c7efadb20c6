import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder whose name has the id of this process, and removes those of processes that were killed. */
export async function temporaryFolder(parent = tmpdir()): Promise<string> {
  const names = await readdir(parent);
  // PostgreSQL ends when its folder is gone, if it outlived the process that started it.
  for (const name of names.filter(isLeft)) await rm(join(parent, name), { recursive: true, force: true });
  const path = await mkdtemp(join(parent, `ferrule-dev-${process.pid}-`));
  // As root the database runs as another user, who must be able to enter.
  await chmod(path, 0o755);
  return path;
}

function isLeft(name: string): boolean {
  const pid = /^ferrule-dev-(\d+)-/.exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user exists, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
