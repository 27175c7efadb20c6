import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from '../../config/start-error.js';
import { type Account, canReach } from './account.js';

/** Some systems delete files in /var/tmp that were not used for a month. */
const CANDIDATES = ['/var/lib/ferrule', '/var/tmp/ferrule'];

/** For files whose own place the account cannot reach, because a folder above is closed to it. */
export function systemFolder(account: Account): string {
  const folder = CANDIDATES.find((candidate) => isOurs(candidate) && canReach(account, candidate));
  if (folder !== undefined) return folder;
  throw new StartError(
    `The user ${account.uid}, which the embedded PostgreSQL runs as, can enter neither the data directory ` +
      `nor ${CANDIDATES.join(' nor ')}. Set FERRULE_DATA_DIR to a folder that it can enter.`,
  );
}

export function isInSystemFolder(path: string): boolean {
  return CANDIDATES.includes(dirname(dirname(path)));
}

function isOurs(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const { uid, mode } = lstatSync(folder);
    // /var/tmp is writable for all, so another user may have created the folder first.
    return uid === 0 && lstatSync(folder).isDirectory() && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}
