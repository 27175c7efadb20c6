import pg from 'pg';
import { type Connection } from '../../src/database/sessions/connection.js';
import { migrate } from '../../src/database/migrate.js';
import { type Migration, MIGRATIONS } from '../../src/database/migrations/index.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { Proxy } from '../support/proxy.js';
import { until } from '../support/until.js';

/** Seconds. */
const LIMIT = 30;
const NEXT = MIGRATIONS.length + 1;
const more = (...sql: string[]): Migration[] => [
  ...MIGRATIONS,
  ...sql.map((text, index) => ({ number: NEXT + index, name: `test-${index}`, sql: text })),
];
const label = (number: number, name: string) => `${String(number).padStart(4, '0')}-${name}`;

describe('migrate', () => {
  let place: TestDatabase;
  let client: pg.Client;

  beforeEach(async () => {
    place = await testDatabase();
    client = new pg.Client({ ...place.connection });
    await client.connect();
  });

  afterEach(async () => {
    await client.end();
    await place.drop();
  });

  it('numbers the migrations without a gap', () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it('applies missing migrations once, also when many processes try', async () => {
    const list = more('create table one (a integer)', 'create table two (a integer)');
    const applied = await Promise.all([1, 2, 3].map(() => migrate(place.connection, LIMIT, list)));
    expect(applied.flat().sort()).toEqual([label(NEXT, 'test-0'), label(NEXT + 1, 'test-1')]);
    expect(await migrate(place.connection, LIMIT, list)).toEqual([]);
  });

  it('applies all or nothing', async () => {
    await expect(
      migrate(place.connection, LIMIT, more('create table one (a integer)', 'create nonsense')),
    ).rejects.toThrow(/syntax/);
    const { rows } = await client.query(
      `select to_regclass('one') as one, max(number) as last from schema_migrations`,
    );
    expect(rows).toEqual([{ one: null, last: NEXT - 1 }]);
  });

  it('refuses a database that a later version made', async () => {
    await migrate(place.connection, LIMIT, more('create table one (a integer)'));
    await expect(migrate(place.connection, LIMIT)).rejects.toThrow(
      `The database is newer than this version of Ferrule: it has the migration ${label(NEXT, 'test-0')}.`,
    );
  });

  it('refuses a migration that was changed after it was applied', async () => {
    await migrate(place.connection, LIMIT, more('create table one (a integer)'));
    await expect(migrate(place.connection, LIMIT, more('create table one (a bigint)'))).rejects.toThrow(
      /in another form/,
    );
  });

  it('waits for another process that migrates, but not for ever', async () => {
    await client.query('select pg_advisory_lock(4277003001)');
    await expect(migrate(place.connection, 0.3)).rejects.toThrow(
      /^The wait for another process .* took longer than FERRULE_MIGRATION_TIMEOUT \(0\.3 s\)/,
    );
  });

  const CHANGES = [
    'create trigger other before update on jobs for each row execute function jobs_note_change()',
    'alter table jobs add column other int',
  ];

  it('waits for statements of running services, and ends none of them', async () => {
    await client.query('begin; select from jobs');
    const migrated = migrate(place.connection, LIMIT, more(...CHANGES));
    const observer = new pg.Client({ ...place.connection });
    await observer.connect();
    await until(async () => {
      const { rowCount } = await observer.query(
        `select from pg_locks where relation = 'jobs'::regclass and not granted`,
      );
      return rowCount === 1;
    });
    await observer.end();
    // Behind the migration, whose lock would be the stronger for it.
    await client.query('update jobs set state = state; commit');
    expect(await migrated).toEqual([label(NEXT, 'test-0'), label(NEXT + 1, 'test-1')]);
  });

  it('gives up a table that others do not leave, and applies nothing', async () => {
    await client.query('begin; select from jobs');
    await expect(migrate(place.connection, 1, more(...CHANGES))).rejects.toThrow(
      /took longer than FERRULE_MIGRATION_TIMEOUT \(1 s\)/,
    );
    await client.query('update jobs set state = state; commit');
  });

  /** Runs work on a connection to the same database through a proxy. */
  async function through(work: (proxy: Proxy, connection: Connection) => Promise<void>): Promise<void> {
    if (!('host' in place.connection)) throw new TypeError('The test server has a socket.');
    const { host, port } = place.connection;
    const proxy = await Proxy.to({ path: `${host}/.s.PGSQL.${port}` });
    try {
      await work(proxy, { ...place.connection, host: '127.0.0.1', port: proxy.port });
    } finally {
      await proxy.close();
    }
  }

  it('ends when the server does not confirm the end of the session', async () => {
    await through(async (proxy, connection) => {
      proxy.freezeNext(/X\0{3}.$/s);
      expect(await migrate(connection, LIMIT)).toEqual([]);
      expect(proxy.pending).toBe(0);
    });
  });

  it('ends when the connection is silent, and applies nothing', async () => {
    await through(async (proxy, connection) => {
      proxy.freezeNext(/create table one/);
      await expect(migrate(connection, 0.3, more('create table one (a integer)'))).rejects.toThrow(
        `The migration ${label(NEXT, 'test-0')} took longer than FERRULE_MIGRATION_TIMEOUT (0.3 s).`,
      );
    });
    await until(async () => {
      const { rows } = await client.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = current_database()`,
      );
      return rows[0]?.n === 1;
    });
    const { rows } = await client.query(`select to_regclass('one') as one`);
    expect(rows).toEqual([{ one: null }]);
  });
});
