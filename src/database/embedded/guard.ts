import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { type Account } from './account.js';

/**
 * When this process is root, PostgreSQL runs as the user nobody, and so may other programs. What keeps
 * them out is a group that no other process is in: a folder of root's, which only that group may enter,
 * stands above the files and the socket, and the server is started with that group alone.
 */
const GUARD_MODE = 0o710;

/** Numbers that Debian, Red Hat and systemd give to nobody; below 65,536, as containers often map no more. */
const FIRST_GID = 50_000;
const LAST_GID = 59_999;

/** The account with a group that no file of the system knows. */
export function withPrivateGroup(account: Account, known: ReadonlySet<number> = knownGroups()): Account {
  for (;;) {
    const gid = randomInt(FIRST_GID, LAST_GID + 1);
    if (!known.has(gid)) return { uid: account.uid, gid };
  }
}

/** Makes a folder that only root and a group may enter, or makes one such. */
export function makeGuard(folder: string, gid: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chownSync(folder, 0, gid);
  chmodSync(folder, GUARD_MODE);
}

/** The group that a folder is guarded by; undefined when it is not guarded. */
export function guardedBy(folder: string): number | undefined {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  const isGuard =
    stat?.isDirectory() === true &&
    stat.uid === 0 &&
    (stat.mode & 0o777) === GUARD_MODE &&
    stat.gid >= FIRST_GID &&
    stat.gid <= LAST_GID;
  return isGuard ? stat.gid : undefined;
}

function knownGroups(): Set<number> {
  return new Set([...numbers('/etc/group', 2), ...numbers('/etc/passwd', 3)]);
}

function numbers(file: string, field: number): number[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => Number(line.split(':')[field]));
  } catch {
    return [];
  }
}
