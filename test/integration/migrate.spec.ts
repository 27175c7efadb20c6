import pg from 'pg';
import { migrate } from '../../src/database/migrate.js';
import { type Migration, MIGRATIONS } from '../../src/database/migrations/index.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

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
    const applied = await Promise.all([1, 2, 3].map(() => migrate(place.connection, list)));
    expect(applied.flat().sort()).toEqual([label(NEXT, 'test-0'), label(NEXT + 1, 'test-1')]);
    expect(await migrate(place.connection, list)).toEqual([]);
  });

  it('applies all or nothing', async () => {
    await expect(
      migrate(place.connection, more('create table one (a integer)', 'create nonsense')),
    ).rejects.toThrow(/syntax/);
    const { rows } = await client.query(
      `select to_regclass('one') as one, max(number) as last from schema_migrations`,
    );
    expect(rows).toEqual([{ one: null, last: NEXT - 1 }]);
  });

  it('refuses a database that a later version made', async () => {
    await migrate(place.connection, more('create table one (a integer)'));
    await expect(migrate(place.connection)).rejects.toThrow(
      `The database is newer than this version of Ferrule: it has the migration ${label(NEXT, 'test-0')}.`,
    );
  });

  it('refuses a migration that was changed after it was applied', async () => {
    await migrate(place.connection, more('create table one (a integer)'));
    await expect(migrate(place.connection, more('create table one (a bigint)'))).rejects.toThrow(
      /in another form/,
    );
  });
});
