import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const USUAL_NOBODY: Account = { uid: 65_534, gid: 65_534 };

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

export function nobody(passwd: string = readPasswd()): Account {
  const fields = passwd
    .split('\n')
    .find((line) => line.startsWith('nobody:'))
    ?.split(':');
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  // macOS writes -2, which the kernel takes as an unsigned number.
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid: uid >>> 0, gid: gid >>> 0 } : USUAL_NOBODY;
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}

export function identity(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}

const READ = 0o4;
const ENTER = 0o1;

/** Whether it may read the file or enter the folder, including all folders above. */
export function canReach(account: Account, path: string): boolean {
  for (let folder = dirname(path), last = path; folder !== last; last = folder, folder = dirname(folder)) {
    if (!allows(account, folder, ENTER)) return false;
  }
  return allows(account, path, statSync(path).isDirectory() ? ENTER : READ);
}

function allows(account: Account, path: string, right: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & right) === right;
}
