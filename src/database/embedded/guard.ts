import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { type Account } from './account.js';

/**
 * As root, PostgreSQL runs as `nobody`, as other programs may. A group that only the server has keeps them out: files
 * and socket are in a folder of root's that only this group may enter.
 */
const GUARD_MODE = 0o710;

/** Not assigned by Debian, Red Hat and systemd; below 65,536, because containers often map no more ids. */
const FIRST_GID = 50_000;
const LAST_GID = 59_999;

export function withPrivateGroup(account: Account, known: ReadonlySet<number> = knownGroups()): Account {
  for (;;) {
    const gid = randomInt(FIRST_GID, LAST_GID + 1);
    if (!known.has(gid)) return { uid: account.uid, gid };
  }
}

export function makeGuard(folder: string, gid: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chownSync(folder, 0, gid);
  chmodSync(folder, GUARD_MODE);
}

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
