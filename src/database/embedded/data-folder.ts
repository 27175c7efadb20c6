import { randomUUID } from 'node:crypto';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { StartError } from '../../config/start-error.js';
import { codeOf } from '../faults/error-code.js';
import { type Account, canReach, isRoot, nobody } from './account.js';
import { type Binaries } from './binaries.js';
import { isInSystemFolder, systemFolder } from './system-folder.js';
import { initdb } from './initdb.js';
import { runningServer } from './running-server.js';
import { guardedBy, makeGuard, withPrivateGroup } from './guard.js';

const NAME = 'postgres';
const FRESH = 'postgres.new-';
/** Only root and the server may enter it; used if the server runs as another user. */
const GUARD = 'private';

export interface DataFolder {
  readonly path: string;
  readonly account: Account | undefined;
}

/** If this process is root: the owner of existing files, else nobody. */
export function accountFor(dataDir: string): Account | undefined {
  if (!isRoot()) return undefined;
  const link = join(dataDir, NAME);
  if (!existsSync(link)) return withPrivateGroup(nobody());
  const { uid, gid } = statSync(link);
  return { uid, gid: guardedBy(dirname(realpathSync(link))) ?? gid };
}

export function openFolder(dataDir: string): DataFolder | undefined {
  const link = join(dataDir, NAME);
  if (lstatSync(link, { throwIfNoEntry: false }) === undefined) {
    // An earlier process was killed between moving the folder and making the link.
    const moved = join(dataDir, GUARD, NAME);
    if (!isRoot() || !existsSync(moved)) return undefined;
    linkTo(moved, dataDir);
  }
  const { uid } = ownerOf(link);
  const path = realpathSync(link);
  const account = accountFor(dataDir);
  const self = process.getuid?.();
  if (account === undefined && self !== undefined && uid !== self) throw notOurs(path, `the user ${uid}`);
  // A running one can be joined, for example that of a systemd unit with a user of its own.
  if (account !== undefined && !canReach(account, path) && runningServer(dataDir) === undefined) {
    throw new StartError(
      `The database in ${path} belongs to the user ${uid}, who can no longer enter a folder above it. ` +
        'Give that user access, or set FERRULE_DATA_DIR to another folder.',
    );
  }
  return { path, account };
}

/** Relative to a folder within the data directory, which can then be moved. */
function linkTo(folder: string, dataDir: string): void {
  const path = relative(realpathSync(dataDir), realpathSync(folder));
  const isOutside = path.split(sep)[0] === '..' || isAbsolute(path);
  symlinkSync(isOutside ? folder : path, join(dataDir, NAME));
}

function ownerOf(link: string): { uid: number } {
  try {
    return statSync(link);
  } catch (error) {
    if (codeOf(error) === 'EACCES') throw notOurs(link, 'another user');
    throw new StartError(
      `${link} points to a folder that does not exist: the database is lost or was moved. ` +
        'Restore it, or set FERRULE_DATA_DIR to another folder.',
    );
  }
}

function notOurs(path: string, owner: string): StartError {
  return new StartError(
    `The database in ${path} belongs to ${owner}. Start as that user or as root, or set ` +
      'FERRULE_DATA_DIR to another folder.',
  );
}

export function isUnguarded({ path, account }: DataFolder): boolean {
  return account !== undefined && account.uid === nobody().uid && guardedBy(dirname(path)) === undefined;
}

/** No server may be running on the folder. */
export function guardFolder(dataDir: string, { path, account }: DataFolder): DataFolder {
  if (account === undefined) return { path, account };
  const own = withPrivateGroup(account);
  if (isInSystemFolder(path)) {
    makeGuard(dirname(path), own.gid);
    return { path, account: own };
  }
  const guard = join(dirname(path), GUARD);
  makeGuard(guard, own.gid);
  try {
    renameSync(path, join(guard, NAME));
  } catch (error) {
    throw new StartError(
      `The database in ${path} can be read by every process of the user ${account.uid}, and cannot be moved ` +
        `into ${guard}, where it could not (${codeOf(error) ?? String(error)}). Move it there and make ` +
        `${join(dataDir, NAME)} a link to it.`,
    );
  }
  const link = join(dataDir, NAME);
  rmSync(link, { force: true });
  linkTo(join(guard, NAME), dataDir);
  return { path: realpathSync(link), account: own };
}

/**
 * Created under a temporary name and renamed, so that a crash leaves no partial one. If this process is root it is a
 * guarded folder, outside the data directory if the account cannot enter that; a link points to it.
 */
export async function createFolder(
  dataDir: string,
  binaries: Binaries,
  signal: AbortSignal,
): Promise<DataFolder> {
  const account = accountFor(dataDir);
  const base = baseFor(dataDir, account);
  for (const name of readdirSync(base)) {
    if (name.startsWith(FRESH)) rmSync(join(base, name), { recursive: true, force: true });
  }
  const fresh = join(base, FRESH + randomUUID());
  mkdirSync(fresh, { mode: 0o700 });
  if (account !== undefined) chownSync(fresh, account.uid, account.gid);
  await initdb(binaries, { path: fresh, account }, signal);
  renameSync(fresh, join(base, NAME));
  if (base !== dataDir) linkTo(join(base, NAME), dataDir);
  return { path: realpathSync(join(base, NAME)), account };
}

function baseFor(dataDir: string, account: Account | undefined): string {
  if (account === undefined) return dataDir;
  const isAway = !canReach(account, realpathSync(dataDir));
  const base = isAway ? join(systemFolder(account), randomUUID()) : join(dataDir, GUARD);
  makeGuard(base, account.gid);
  return base;
}

export function checkVersion({ path }: DataFolder, { major }: Binaries): void {
  const made = readFileSync(join(path, 'PG_VERSION'), 'utf8').trim();
  if (made === major) return;
  throw new StartError(
    `The database in ${path} was made by PostgreSQL ${made}, and this version of Ferrule has ${major}. Stop the ` +
      'service, and run "ferrule backup <file>" with the version of Ferrule that made it; then set FERRULE_DATA_DIR ' +
      'to an empty folder, and run "ferrule restore --keep-queued <file>" with this one.',
  );
}
