import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from '../../config/start-error.js';
import { type Account } from './account.js';
import { type DataFolder } from './data-folder.js';
import { guardedBy, makeGuard } from './guard.js';

/** Part of the socket's name; the server does not listen on TCP. */
export const PORT = 5432;

/** 108 bytes on Linux and 104 on macOS, including the terminating zero. */
const MAX_SOCKET_PATH = 100;

/** That of the data, or a short one if its path is too long; not in TMPDIR, so that every process finds it. */
export function socketFolder({ path, account }: DataFolder): string {
  if (Buffer.byteLength(join(path, `.s.PGSQL.${PORT}`)) <= MAX_SOCKET_PATH) return path;
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 16);
  const folder = `/tmp/.ferrule-${hash}`;
  const guard = guardedBy(dirname(path));
  if (account === undefined || guard === undefined) return privateFolder(folder, account);
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) makeGuard(folder, guard);
  if (guardedBy(folder) !== guard) throw strange(folder);
  return privateFolder(join(folder, 'socket'), account);
}

function privateFolder(folder: string, account: Account | undefined): string {
  const owner = account?.uid ?? process.getuid?.();
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(folder, { mode: 0o700 });
    if (account !== undefined) chownSync(folder, account.uid, account.gid);
  }
  const made = lstatSync(folder);
  if (!made.isDirectory() || made.uid !== owner || (made.mode & 0o077) !== 0) throw strange(folder);
  return folder;
}

function strange(folder: string): StartError {
  return new StartError(
    `The folder ${folder}, needed for the database's socket, belongs to another user. ` +
      'Remove it, or set FERRULE_DATA_DIR to a folder with a shorter path.',
  );
}
