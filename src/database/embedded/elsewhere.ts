import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from '../../config/start-error.js';
import { type Account, canReach } from './account.js';

/** In this order: the second is emptied by some systems of what nobody touches for a month. */
const CANDIDATES = ['/var/lib/ferrule', '/var/tmp/ferrule'];

/**
 * Root's folder for what an account must reach and cannot where it is, because a folder above lets
 * only root in.
 */
export function elsewhere(account: Account): string {
  const folder = CANDIDATES.find((candidate) => isOurs(candidate) && canReach(account, candidate));
  if (folder !== undefined) return folder;
  throw new StartError(
    `The user ${account.uid}, which the embedded PostgreSQL runs as, can enter neither the data directory ` +
      `nor ${CANDIDATES.join(' nor ')}. Set FERRULE_DATA_DIR to a folder that it can enter.`,
  );
}

/** Whether a database lies there, each in a folder of its own. */
export function isElsewhere(path: string): boolean {
  return CANDIDATES.includes(dirname(dirname(path)));
}

function isOurs(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const { uid, mode } = lstatSync(folder);
    // In a folder that all may write to, somebody else may have made it first.
    return uid === 0 && lstatSync(folder).isDirectory() && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}
