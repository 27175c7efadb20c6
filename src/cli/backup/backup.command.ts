import { type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { StartError } from '../../config/start-error.js';
import { type GuardedClient } from '../../database/sessions/guarded-client.js';
import { type Output } from '../output.js';
import { stopSignal } from '../stop-signal.js';
import { writeNewFile } from './new-file.js';

const OWN_DATABASE =
  'FERRULE_DATABASE_URL is set, and a database of your own is backed up with the means of PostgreSQL: ' +
  'pg_dump --format=custom --exclude-schema=ferrule_queue --file=<file> "$FERRULE_DATABASE_URL"';

const IN_CLEAR =
  'The file contains the secrets of the database in the clear: keep it where only those may read it who may read the ' +
  'database. FERRULE_SECRETS_KEY would encrypt them.';
const ENCRYPTED =
  'The file contains the secrets of the database, encrypted as they are there. FERRULE_SECRETS_KEY is not in it: a ' +
  'restored database needs the same keys.';

/** @param file `-` stands for standard output. */
export async function backup(env: NodeJS.ProcessEnv, file: string, out: Output): Promise<number> {
  const { loadServiceConfig } = await import('../../setup.js');
  const config = await loadServiceConfig(env);
  if (config.databaseUrl !== undefined) throw new StartError(OWN_DATABASE);
  const { inSession } = await import('../../database/backup/session.js');
  const { atEmbedded } = await import('../../database/existing.js');
  const { dump } = await import('../../database/backup/dump.js');
  const tell = (text: string) => (file === '-' ? out.complain(text) : out.print(text));
  const log = { info: tell, warn: (message: string) => out.complain(message) };
  const stop = stopSignal();
  const counts: string[] = [];
  const copy = async (client: GuardedClient): Promise<void> => {
    const fill = async (target: Writable): Promise<void> => {
      const frames = dump(client, ({ table, rows }) => counts.push(`${table} ${rows}`));
      await pipeline(frames, createGzip(), target, { signal: stop, end: target !== process.stdout });
    };
    await (file === '-' ? fill(process.stdout) : writeNewFile(file, fill));
  };
  await atEmbedded(config.dataDir, { log, stop }, (connection) => inSession(connection, stop, copy));
  tell(`Backed up to ${file === '-' ? 'standard output' : file}. Rows: ${counts.join(', ')}.`);
  out.complain(config.secretsKey === undefined ? IN_CLEAR : ENCRYPTED);
  return 0;
}
