import pg from 'pg';
import { loadConfig } from '../../src/config/load-config.js';
import { type Database } from '../../src/database/database.js';
import { silent } from '../../src/logging/log.js';
import { openDatabase } from '../../src/database/open-database.js';

export type Disturbance = 'transaction' | 'query';

/** Sessions on a service's embedded database, without statement limits. */
export class BenchDatabase {
  private readonly pool: pg.Pool;

  private constructor(private readonly database: Database) {
    this.pool = new pg.Pool({ ...database.connection, max: 2 });
  }

  static async open(dataDir: string): Promise<BenchDatabase> {
    const { database: opened } = openDatabase(loadConfig({ FERRULE_DATA_DIR: dataDir }), { log: silent });
    const database = await opened;
    return new BenchDatabase(database);
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.database.close();
  }

  /** Reading the counter takes a transaction itself. */
  async writeTransactions(): Promise<number> {
    const { xid } = await this.row<{ xid: string }>('select pg_current_xact_id()::text as xid');
    return Number(xid);
  }

  /** The count includes the original. Does not analyze the table. */
  async copyNode(model: string, count: number): Promise<void> {
    const { columns } = await this.row<{ columns: string }>(`
      select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
      where attrelid = 'nodes'::regclass and attnum > 0 and not attisdropped
        and attname not in ('id', 'uuid', 'name', 'created_at')`);
    // Autovacuum would analyze it a minute later, during a measurement.
    await this.pool.query('alter table nodes set (autovacuum_enabled = false)');
    await this.pool.query(
      `insert into nodes (uuid, name, ${columns})
       select md5(number::text)::uuid, 'bench-' || number, ${columns}
       from nodes, generate_series(1, ${count - 1}) number where uuid = $1`,
      [model],
    );
  }

  async analyzeNodes(): Promise<void> {
    await this.pool.query('vacuum analyze nodes');
  }

  /** Most of them succeeded. A hundred failed and a hundred are of a rare driver and caller, spread over all of them. */
  async addEndedJobs(count: number): Promise<void> {
    await this.pool.query('alter table jobs set (autovacuum_enabled = false)');
    const distance = Math.floor(count / 100);
    await this.pool.query(
      `insert into jobs (id, state, driver, vendor_interface, method, http_method, node_id, node_uuid, args, request_id,
                         caller, result, conductor, adoptions, created_at, started_at, finished_at)
       select gen_random_uuid(), case when number % $2::int = 0 then 'failed' else 'succeeded' end,
              case when number % $2::int = 1 then 'rare-hardware' else 'fake-hardware' end, 'fake-options', 'report_progress',
              'POST', nodes.id, nodes.uuid, '{}', 'req-bench',
              json_build_object('name', case when number % $2::int = 1 then 'rare' else 'ops' end),
              case when number % $2::int = 0 then null else '{"steps":1}'::json end, 'bench', 1, time, time, time
       from generate_series(1, $1::int) number
         cross join lateral (select now() - ($1 - number) * (interval '5 days' / $1) as time) times
         join (select id, uuid, row_number() over (order by id) as place from nodes order by id limit 1000) nodes
           on nodes.place = 1 + number % 1000
       order by number`,
      [count, distance],
    );
  }

  async analyze(): Promise<void> {
    await this.pool.query('vacuum analyze');
  }

  async during<T>(disturbance: Disturbance, work: () => Promise<T>): Promise<T> {
    const session = await this.pool.connect();
    let isCancelled = false;
    try {
      const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
      await session.query('begin isolation level repeatable read');
      await session.query('select pg_current_xact_id(), count(*) from jobs');
      const reading =
        disturbance === 'query'
          ? session.query('select count(pg_sleep(0.01)) from jobs').catch((error: unknown) => {
              if (!isCancelled) throw error;
            })
          : Promise.resolve();
      const result = await work();
      isCancelled = true;
      if (disturbance === 'query') await this.pool.query('select pg_cancel_backend($1)', [rows[0]?.pid]);
      await reading;
      await session.query('rollback');
      return result;
    } finally {
      session.release(!isCancelled);
    }
  }

  private async row<R extends pg.QueryResultRow>(text: string): Promise<R> {
    const { rows } = await this.pool.query<R>(text);
    const [row] = rows;
    if (!row) throw new TypeError('The query has one row.');
    return row;
  }
}
