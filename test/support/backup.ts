import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { dump } from '../../src/database/backup/dump.js';
import { load, openArchive } from '../../src/database/backup/load.js';
import { type TableEnd } from '../../src/database/backup/manifest.js';
import { inSession } from '../../src/database/backup/session.js';
import { type Connection } from '../../src/database/sessions/connection.js';
import { type GuardedClient } from '../../src/database/sessions/guarded-client.js';
import { type RestoreOptions, settleRestored } from '../../src/database/transitions/settle-restored.js';

const LIMITS = { stop: new AbortController().signal, silence: 60_000 };

export interface TestBackup {
  readonly bytes: Buffer;
  readonly tables: readonly TableEnd[];
}

/** @param onTable runs after each table was read. */
export async function backUp(connection: Connection, onTable?: () => Promise<void>): Promise<TestBackup> {
  const tables: TableEnd[] = [];
  const bytes = await inSession(connection, LIMITS, async (client) => {
    const frames = dump(client, (end) => tables.push(end));
    return buffer(Readable.from(slowly(frames, () => tables.length, onTable)));
  });
  return { bytes, tables };
}

async function* slowly(
  frames: AsyncIterable<Buffer>,
  read: () => number,
  onTable: () => Promise<void> = async () => {},
): AsyncGenerator<Buffer> {
  for await (const frame of frames) {
    yield frame;
    if (read() === 1) await onTable();
  }
}

export const SETTLING = {
  keepQueued: false,
  message: 'It was restored.',
  lastError: '%s ended: %s',
  audit: true,
};

/** @returns how many jobs were ended. */
export async function restore(
  connection: Connection,
  bytes: Buffer,
  options: RestoreOptions = SETTLING,
): Promise<number> {
  let ended = 0;
  await loadOnly(connection, bytes, async (client) => {
    ended = await settleRestored(client, options);
  });
  return ended;
}

/** Settles nothing, unless asked to. */
export async function loadOnly(
  connection: Connection,
  bytes: Buffer,
  settle: (client: GuardedClient) => Promise<void> = async () => {},
): Promise<void> {
  const archive = await openArchive(Readable.from([bytes]) as AsyncIterable<Buffer>);
  await inSession(connection, LIMITS, (client) => load(client, archive, () => settle(client)));
}
