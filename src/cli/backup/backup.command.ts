import { type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { StartError } from '../../config/start-error.js';
import { type GuardedClient } from '../../database/sessions/guarded-client.js';
import { statementsOf } from '../../database/sessions/client-statements.js';
import { keysText } from '../../keys/assert-keys.js';
import { KeyRegister, type KeysInUse } from '../../keys/key-register.js';
import { codeOf } from '../../files/error-code.js';
import { type Output } from '../output.js';
import { stopSignal } from '../stop-signal.js';
import { writeNewFile } from './new-file.js';
import { timeoutOf } from './timeout.js';

const OWN_DATABASE =
  'FERRULE_DATABASE_URL is set, and a database of your own is backed up with the means of PostgreSQL: ' +
  'pg_dump --format=custom --exclude-schema=ferrule_queue --file=<file> "$FERRULE_DATABASE_URL"';

const KEPT = 'Keep it where only those may read it who may read the database.';
const IN_CLEAR = `The file contains the secrets of the database in the clear. ${KEPT} FERRULE_SECRETS_KEY would encrypt them.`;
const PARTLY_CLEAR =
  'The file may contain secrets in the clear, which were stored before FERRULE_SECRETS_KEY was set. ' +
  `${KEPT} After \`ferrule secrets rotate\` a backup contains none.`;

const UNDEFINED_TABLE = '42P01';
const NO_KEYS: KeysInUse = { ids: [], mayBeClear: true };

/** @param file `-` stands for standard output. */
export async function backup(
  env: NodeJS.ProcessEnv,
  file: string,
  options: { timeout: string },
  out: Output,
): Promise<number> {
  const { loadServiceConfig } = await import('../../setup.js');
  const silence = timeoutOf(options.timeout);
  const config = await loadServiceConfig(env);
  if (config.databaseUrl !== undefined) throw new StartError(OWN_DATABASE);
  const { inSession } = await import('../../database/backup/session.js');
  const { atEmbedded } = await import('../../database/existing.js');
  const { dump } = await import('../../database/backup/dump.js');
  const tell = (text: string) => (file === '-' ? out.complain(text) : out.print(text));
  const log = { info: tell, warn: (message: string) => out.complain(message) };
  const stop = stopSignal();
  const counts: string[] = [];
  let inUse: KeysInUse | undefined;
  const copy = async (client: GuardedClient): Promise<void> => {
    const fill = async (target: Writable): Promise<void> => {
      const frames = dump(client, ({ table, rows }) => counts.push(`${table} ${rows}`));
      await pipeline(frames, createGzip(), target, { signal: stop, end: target !== process.stdout });
    };
    inUse = await new KeyRegister(statementsOf(client)).inUse().catch(ifThereIsNone);
    await (file === '-' ? fill(process.stdout) : writeNewFile(file, fill));
  };
  await atEmbedded(config.dataDir, { log, stop }, (connection) =>
    inSession(connection, { stop, silence }, copy),
  );
  tell(`Backed up to ${file === '-' ? 'standard output' : file}. Rows: ${counts.join(', ')}.`);
  for (const text of secretsTexts(inUse)) out.complain(text);
  return 0;
}

function secretsTexts({ ids, mayBeClear }: KeysInUse = NO_KEYS): string[] {
  if (ids.length === 0) return [IN_CLEAR];
  const encrypted =
    `Secrets in the file are encrypted with ${keysText(ids)} of FERRULE_SECRETS_KEY. The keys are not in it: keep them as ` +
    'long as the file, since a restored database needs them.';
  return mayBeClear ? [PARTLY_CLEAR, encrypted] : [encrypted];
}

/** A database of an early version had no keys. */
function ifThereIsNone(error: unknown): KeysInUse {
  if (codeOf(error) === UNDEFINED_TABLE) return NO_KEYS;
  throw error;
}
