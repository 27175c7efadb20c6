import { spawn } from 'node:child_process';
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
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Account, canReach, identity, isRoot, nobody } from './account.js';
import { type Binaries } from './binaries.js';
import { elsewhere } from './elsewhere.js';

const NAME = 'postgres';
const FRESH = 'postgres.new-';

/** The files of a database and the account they belong to. */
export interface DataFolder {
  readonly path: string;
  /** Undefined: this process's own. */
  readonly account: Account | undefined;
}

/** The account for a data directory: of its files, if it has some, when this process is root. */
export function accountFor(dataDir: string): Account | undefined {
  if (!isRoot()) return undefined;
  const link = join(dataDir, NAME);
  if (!existsSync(link)) return nobody();
  const { uid, gid } = statSync(link);
  return { uid, gid };
}

/** The folder of a data directory, or undefined when none was made yet. */
export function openFolder(dataDir: string): DataFolder | undefined {
  const link = join(dataDir, NAME);
  if (lstatSync(link, { throwIfNoEntry: false }) === undefined) return undefined;
  if (!existsSync(link))
    throw new Error(`${link} points to a folder that is not there; the database is lost or moved.`);
  const path = realpathSync(link);
  const account = accountFor(dataDir);
  const { uid } = statSync(path);
  const self = process.getuid?.();
  if (account === undefined && self !== undefined && uid !== self) {
    throw new Error(
      `The database in ${path} belongs to the user ${uid}. Start as that user or as root, or set ` +
        'FERRULE_DATA_DIR to another folder.',
    );
  }
  if (account !== undefined && !canReach(account, path)) {
    throw new Error(
      `The database in ${path} belongs to the user ${uid}, who can no longer enter a folder above it. ` +
        'Let that user in, or set FERRULE_DATA_DIR to another folder.',
    );
  }
  return { path, account };
}

/**
 * Makes the folder. It gets its name when it is complete, so that a crash leaves no half of one; where
 * the account cannot enter the data directory it lies elsewhere, and a link of that name leads there.
 */
export async function createFolder(dataDir: string, binaries: Binaries): Promise<DataFolder> {
  const account = accountFor(dataDir);
  const away = account !== undefined && !canReach(account, realpathSync(dataDir));
  const base = away ? join(elsewhere(account), randomUUID()) : dataDir;
  mkdirSync(base, { recursive: true, mode: 0o755 });
  for (const name of readdirSync(base)) {
    if (name.startsWith(FRESH)) rmSync(join(base, name), { recursive: true, force: true });
  }
  const fresh = join(base, FRESH + randomUUID());
  mkdirSync(fresh, { mode: 0o700 });
  if (account !== undefined) chownSync(fresh, account.uid, account.gid);
  await initdb(binaries, fresh, account);
  renameSync(fresh, join(base, NAME));
  if (away) symlinkSync(join(base, NAME), join(dataDir, NAME));
  return { path: realpathSync(join(base, NAME)), account };
}

async function initdb({ initdb }: Binaries, folder: string, account: Account | undefined): Promise<void> {
  // Only who may enter the folder reaches the socket, so there is no password to keep.
  const child = spawn(
    initdb,
    ['-D', folder, '-U', 'ferrule', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'],
    { cwd: '/', env: environment(initdb), stdio: ['ignore', 'pipe', 'pipe'], ...identity(account) },
  );
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [code, , complaint] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  if (code === 0) return;
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`PostgreSQL's initdb failed in ${folder}: ${complaint.trim()}`);
}

/** A major version's files are read by that version alone. */
export function checkVersion({ path }: DataFolder, { major }: Binaries): void {
  const made = readFileSync(join(path, 'PG_VERSION'), 'utf8').trim();
  if (made === major) return;
  throw new Error(
    `The database in ${path} was made by PostgreSQL ${made}, and this version of Ferrule brings ${major}. ` +
      'Export it with the version that made it, or set FERRULE_DATA_DIR to another folder.',
  );
}

/** Nothing of this process's environment: it may hold secrets, and PG… variables would be obeyed. */
export function environment(program: string): NodeJS.ProcessEnv {
  return { PATH: dirname(program), LC_ALL: 'C', TZ: 'UTC' };
}
