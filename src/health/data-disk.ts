import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config } from '../config/config.js';

/** Two segments of PostgreSQL's write-ahead log; with less, PostgreSQL may stop. */
const LEAST_BYTES = 32 * 1024 * 1024;

/** An external database's disk is not checked. */
export async function checkDataDisk({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<void> {
  if (databaseUrl !== undefined) return;
  const { bavail, bsize } = await statfs(join(dataDir, 'postgres'));
  const free = bavail * bsize;
  if (free < LEAST_BYTES)
    throw new Error(`Only ${Math.floor(free / 1024)} KiB are free on the disk of FERRULE_DATA_DIR.`);
}
