import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { installedPackage } from '../../../database/embedded/binaries.js';
import { codeOf } from '../../../database/faults/error-code.js';
import { type Finding, ok, problem } from '../finding.js';

const WRITABLE_BY_ALL = 0o002;
const OPEN_TO_ALL = 0o007;

/** Of the embedded database. */
export async function checkDataDirectory(dataDir: string, isRunning: boolean): Promise<Finding[]> {
  const { version } = await installedPackage();
  const folder = join(dataDir, 'postgres');
  let made: string;
  try {
    made = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    return [withoutDatabase(dataDir, codeOf(error) ?? String(error))];
  }
  const found = [...permissionFindings(dataDir, folder)];
  if (made !== version.split('.')[0]) {
    found.push(
      problem(
        `The database in ${folder} was made by PostgreSQL ${made}, and this version of Ferrule has ${version}.`,
        'See "Upgrading" in docs/operating.md: ferrule backup with the old version, ferrule restore with this one.',
      ),
    );
  }
  if (found.length > 0) return found;
  return [ok(`${dataDir} has a database, and PostgreSQL ${isRunning ? 'runs' : 'does not run'} on it.`)];
}

function withoutDatabase(dataDir: string, code: string): Finding {
  if (code === 'ENOENT') return ok(`There is no database in ${dataDir} yet; the first start makes one.`);
  return problem(
    `The database in ${dataDir} cannot be read (${code}).`,
    'Run this command as the user that runs the service, or as root.',
  );
}

function permissionFindings(dataDir: string, folder: string): Finding[] {
  const found: Finding[] = [];
  if ((statSync(dataDir).mode & WRITABLE_BY_ALL) !== 0) {
    found.push(problem(`Every user may write to ${dataDir}.`, `Run: chmod o-w ${dataDir}`));
  }
  const { mode, uid } = statSync(folder);
  if ((mode & OPEN_TO_ALL) !== 0) {
    found.push(problem(`Every user may enter ${folder}.`, `Run: chmod 0700 ${folder}`));
  }
  const self = process.getuid?.();
  if (self !== undefined && self !== 0 && uid !== self) {
    found.push(
      problem(
        `The database in ${folder} belongs to the user ${uid}.`,
        'Start the service as that user or as root.',
      ),
    );
  }
  return found;
}
