import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { StartError } from '../../config/start-error.js';
import { applyPending, lockMigrations, pendingOf } from '../migrate.js';
import { MIGRATIONS } from '../migrations/index.js';
import { ArchiveReader } from './archive-reader.js';
import { type Client, type TableShape, tablesOf } from './catalog.js';
import { DamagedArchive, framesOf } from './frames.js';
import {
  endSchema,
  FORMAT,
  formatSchema,
  type Header,
  headerSchema,
  type TableEnd,
  tableEndSchema,
  tableSchema,
} from './manifest.js';
import { readRows, RowsDigest, writeRows } from './rows.js';

/** A backup whose header was read. */
export interface Archive {
  readonly header: Header;
  readonly reader: ArchiveReader;
}

/** @throws DamagedArchive if it is no backup, MigrationError or StartError if it is newer than this code. */
export async function openArchive(source: AsyncIterable<Buffer>): Promise<Archive> {
  const reader = new ArchiveReader(framesOf(source));
  const json = await reader.anyDescription();
  const { data: known } = formatSchema.safeParse(json);
  if (known !== undefined && known.format > FORMAT) {
    throw new StartError(
      `The backup was made by Ferrule ${known.ferrule} in a form that this version cannot read. Restore it with ` +
        'that version, or a later one.',
    );
  }
  const { success, data: header } = headerSchema.safeParse(json);
  if (!success) throw new DamagedArchive('its header has other fields than expected');
  pendingOf(header.migrations, MIGRATIONS, 'backup');
  return { header, reader };
}

/**
 * Fills an empty database, in one transaction: the tables as the backup had them, each compared with the archive after
 * it was loaded; then the migrations that the backup lacks; then `settle`.
 * @throws DamagedArchive, and StartError if the database has tables.
 */
export async function load(
  client: Client,
  { header, reader }: Archive,
  settle: () => Promise<void>,
): Promise<TableEnd[]> {
  await client.query('begin');
  await lockMigrations(client);
  await refuseTables(client);
  const missing = pendingOf(header.migrations, MIGRATIONS, 'backup');
  await applyPending(
    client,
    MIGRATIONS.filter((migration) => !missing.includes(migration)),
  );
  const tables = await fill(client, reader);
  await applyPending(client, MIGRATIONS);
  await settle();
  await client.query('commit');
  return tables;
}

async function refuseTables(client: Client): Promise<void> {
  const [first] = await tablesOf(client);
  if (first === undefined) return;
  throw new StartError(
    'There is a database already, and a backup is restored only where there is none. Set FERRULE_DATA_DIR to an ' +
      'empty folder, or FERRULE_DATABASE_URL to a database without tables: `ferrule migrate` makes them, and a restore ' +
      'needs none.',
  );
}

async function fill(client: Client, reader: ArchiveReader): Promise<TableEnd[]> {
  const shapes = await tablesOf(client);
  const list = shapes.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  // Triggers of the schema are for changes by the service; a migration may have inserted rows.
  await switchTriggers(client, shapes, 'disable');
  await client.query(`truncate ${list}`);
  const ends: TableEnd[] = [];
  for (const shape of shapes) ends.push(await fillTable(client, reader, shape));
  const { sequences } = await reader.description(endSchema);
  await reader.end();
  for (const { table, column, value } of sequences) {
    if (value === null) continue;
    await client.query('select setval(pg_get_serial_sequence(quote_ident($1), $2), $3)', [
      table,
      column,
      value,
    ]);
  }
  await switchTriggers(client, shapes, 'enable');
  return ends;
}

async function switchTriggers(client: Client, shapes: readonly TableShape[], how: string): Promise<void> {
  for (const { name } of shapes) {
    await client.query(`alter table ${pg.escapeIdentifier(name)} ${how} trigger user`);
  }
}

async function fillTable(client: Client, reader: ArchiveReader, shape: TableShape): Promise<TableEnd> {
  const { table, columns } = await reader.description(tableSchema);
  if (table !== shape.name || columns.join() !== shape.columns.join()) {
    throw new DamagedArchive(`the table ${shape.name} is missing or has other columns`);
  }
  await pipeline(reader.bytes(), writeRows(client, table, columns));
  const end = await reader.description(tableEndSchema);
  const digest = new RowsDigest();
  for await (const bytes of readRows(client, shape)) digest.add(bytes);
  const { rows, sha256 } = digest.end();
  if (rows !== end.rows || sha256 !== end.sha256) {
    throw new DamagedArchive(
      `the table ${table} has ${rows} rows with another checksum than the ${end.rows} of the backup`,
    );
  }
  return end;
}
