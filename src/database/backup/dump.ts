import pg from 'pg';
import { version } from '../../config/version.js';
import { StartError } from '../../config/start-error.js';
import { codeOf } from '../faults/error-code.js';
import { applied } from '../migrate.js';
import { type Client, sequencesOf, type TableShape, tablesOf } from './catalog.js';
import { bytesFrames, jsonFrame } from './frames.js';
import { FORMAT, type Header, type TableEnd } from './manifest.js';
import { readRows, RowsDigest } from './rows.js';

const LOCK_NOT_AVAILABLE = '55P03';
/** Only a migration holds a lock that the dump waits for. */
const LOCK_WAIT = '60s';

/**
 * The whole database as the frames of an archive: one state of it, while others change it. A migration that begins
 * meanwhile waits until the dump has ended.
 * @param onTable is told what was read.
 */
export async function* dump(client: Client, onTable: (end: TableEnd) => void): AsyncGenerator<Buffer> {
  const tables = await hold(client);
  yield jsonFrame(await headerOf(client));
  for (const table of tables) {
    const { name, columns } = table;
    yield jsonFrame({ table: name, columns });
    const digest = new RowsDigest();
    for await (const bytes of readRows(client, table)) {
      digest.add(bytes);
      yield* bytesFrames(bytes);
    }
    const end = { table: name, ...digest.end() };
    yield jsonFrame(end);
    onTable(end);
  }
  // A sequence has no snapshot: its value is at least that of the rows above.
  yield jsonFrame({ tables: tables.length, sequences: await sequencesOf(client) });
  await client.query('commit');
}

/** The tables are locked before the snapshot is taken, which is at the first query after that. */
async function hold(client: Client): Promise<TableShape[]> {
  const expected = await tablesOf(client);
  if (expected.length === 0) throw new StartError('The database is empty: no Ferrule has used it yet.');
  await client.query('begin isolation level repeatable read read only');
  await client.query(`set local lock_timeout = '${LOCK_WAIT}'`);
  try {
    const list = expected.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
    await client.query(`lock table ${list} in access share mode`);
  } catch (error) {
    if (codeOf(error) === LOCK_NOT_AVAILABLE) throw beingMigrated();
    throw error;
  }
  const tables = await tablesOf(client);
  if (JSON.stringify(tables) !== JSON.stringify(expected)) throw beingMigrated();
  return tables;
}

function beingMigrated(): StartError {
  return new StartError('The database is being brought up to date. Make the backup when that is done.');
}

async function headerOf(client: Client): Promise<Header> {
  const { rows } = await client.query<{ postgres: string; made_at: string }>(
    `select current_setting('server_version') as postgres, now() as made_at`,
  );
  const [{ postgres, made_at: madeAt } = { postgres: '', made_at: '' }] = rows;
  return {
    format: FORMAT,
    ferrule: version,
    postgres,
    made_at: madeAt,
    migrations: await applied(client),
  };
}
