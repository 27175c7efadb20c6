import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { loadConfig } from '../../src/config/index.js';
import { silent } from '../../src/database/log.js';
import { openDatabase } from '../../src/database/open-database.js';
import { type HttpClient } from '../support/http-client.js';

/** Some of the nodes that a benchmark made. */
export interface NodeSpread {
  readonly first: number;
  readonly count: number;
}

/** The UUID of the nth node: no order in it, as real ones have none, and still known without asking. */
export function nodeUuid(number: number): string {
  const digits = createHash('md5').update(String(number)).digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Makes that many nodes: one as any client would, and in one statement straight in the database all
 * the others, which are like it.
 */
export async function makeNodes(http: HttpClient, dataDir: string, count: number): Promise<void> {
  const answer = await http.post('/v1/nodes', {
    driver: 'fake-hardware',
    vendor_interface: 'fake-options',
    driver_info: { bmc_address: '192.0.2.10', bmc_username: 'admin', bmc_password: 'not a real one' },
    properties: { cpu_arch: 'x86_64', cpus: 64, memory_mb: 262_144, local_gb: 960 },
    extra: { rack: 'r12', unit: 7 },
  });
  const { uuid: model } = answer.expect(201).json<{ uuid: string }>();
  const database = await openDatabase(loadConfig({ FERRULE_DATA_DIR: dataDir }), { log: silent });
  try {
    await copyNode(database, model, count);
  } finally {
    await database.close();
  }
}

async function copyNode(
  { kysely }: Awaited<ReturnType<typeof openDatabase>>,
  model: string,
  count: number,
): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = 'nodes'::regclass and attnum > 0 and not attisdropped
      and attname not in ('id', 'uuid', 'name', 'created_at')`.execute(kysely);
  const copied = sql.join(rows.map(({ name }) => sql.ref(name)));
  await sql`
    insert into nodes (uuid, name, ${copied})
    select md5(number::text)::uuid, 'bench-' || number, ${copied}
    from nodes, generate_series(1, ${count - 1}) number
    where uuid = ${model}`.execute(kysely);
  // Autovacuum does the same a minute later, and then in the middle of a measurement.
  await sql`vacuum analyze nodes`.execute(kysely);
}
