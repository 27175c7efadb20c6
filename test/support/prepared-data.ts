import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedServer } from '../../src/database/embedded/embedded-server.js';
import { codeOf } from '../../src/database/faults/error-code.js';
import { migrate } from '../../src/database/migrate.js';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { silent } from '../../src/logging/log.js';
import { runCommand } from './command.js';
import { inSession, spareDisk } from './database.js';
import { testServerFolder } from './server-folder.js';

/** Makes the data directory of a service that ran before: its database exists and is up to date. */
export async function copyPreparedData(dataDir: string): Promise<void> {
  // Keeps owners and links, which Node's own copy does not.
  const { code, stderr } = await runCommand('cp', ['-a', await preparedData(), dataDir], {});
  if (code !== 0) throw new Error(`The prepared data directory was not copied: ${stderr}`);
}

/** Made once for each checkout, user and set of migrations. */
async function preparedData(): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(MIGRATIONS)).digest('hex').slice(0, 16);
  const path = `${testServerFolder()}-spared-${digest}`;
  if (existsSync(path)) return path;
  const fresh = `${path}-${randomUUID()}`;
  await mkdir(fresh);
  // As root the database runs as nobody, who must be able to enter.
  await chmod(fresh, 0o755);
  const server = await new EmbeddedServer(fresh, silent).join();
  try {
    await inSession(await server.database('postgres'), spareDisk);
    await migrate(await server.database('ferrule'), 60);
  } finally {
    await server.leave();
  }
  await rm(join(fresh, 'postgres.log'), { force: true });
  try {
    await rename(fresh, path);
  } catch (error) {
    // Another test process was first.
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
    await rm(fresh, { recursive: true });
  }
  return path;
}
