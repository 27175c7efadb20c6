import pg from 'pg';
import { migrate } from '../../src/database/migrate.js';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { schemaOf, whatBreaks } from '../support/schema.js';

/**
 * The last migration of the minor version before: its processes run on while the others are upgraded. To be set to the
 * number of the last migration when a minor version is released.
 */
const BEFORE = 22;
/** Nothing could be put into a chassis, since there were none. */
const LEFT_NULL = ['nodes.chassis_uuid'];
const LIMIT = 30;

describe('the migrations since the minor version before', () => {
  let place: TestDatabase;
  let client: pg.Client;

  beforeEach(async () => {
    place = await testDatabase({ isEmpty: true });
    client = new pg.Client({ ...place.connection });
    await client.connect();
    await migrate(place.connection, LIMIT, MIGRATIONS.slice(0, BEFORE));
  });
  afterEach(async () => {
    await client.end();
    await place.drop();
  });

  it('take nothing away that its processes read, and refuse nothing that they write', async () => {
    const before = await schemaOf(client);
    await migrate(place.connection, LIMIT);
    expect(whatBreaks(before, await schemaOf(client), LEFT_NULL)).toEqual([]);
    expect(before.columns.size).toBeGreaterThan(100);
  });

  it.each([
    ['alter table jobs drop column has_attachment', ['column jobs.has_attachment is gone']],
    [
      'alter table jobs rename column method to operation',
      expect.arrayContaining(['column jobs.method is gone']),
    ],
    ['drop table periodic_runs', expect.arrayContaining(['table periodic_runs is gone'])],
    [
      'alter table nodes alter column name type varchar(10)',
      ['column nodes.name has another type: character varying(10)'],
    ],
    ['alter table nodes alter column name set not null', ['column nodes.name must not be null now']],
    [
      'alter table jobs alter column enqueued_at drop default',
      ['column jobs.enqueued_at has no default any more'],
    ],
    ['alter table jobs add column new int not null', ['column jobs.new is new and has no default']],
    [
      "alter table jobs add check (method <> '')",
      ['constraint jobs_method_check of jobs is new or another one'],
    ],
    [
      'alter table nodes add constraint owned foreign key (instance_uuid) references nodes (uuid)',
      ['constraint owned of nodes is new or another one'],
    ],
    [
      'create unique index on jobs (request_id)',
      ['unique index jobs_request_id_idx of jobs is new or another one'],
    ],
    ['drop trigger jobs_change on jobs', ['trigger jobs_change of jobs is gone or another one']],
    [
      'drop function audit_append cascade',
      expect.arrayContaining([expect.stringMatching(/^function audit_append\(.*\) is gone$/)]),
    ],
  ])('are found out if they do: %s', async (sql, problems) => {
    const before = await schemaOf(client);
    await client.query(sql);
    expect(whatBreaks(before, await schemaOf(client))).toEqual(problems);
  });

  it.each([
    'alter table jobs add column new int',
    "alter table jobs add column new text not null default ''",
    'create table new (id int primary key)',
    'alter table jobs add column new uuid references nodes (uuid)',
    'create index on jobs (request_id)',
  ])('may add: %s', async (sql) => {
    const before = await schemaOf(client);
    await client.query(sql);
    expect(whatBreaks(before, await schemaOf(client))).toEqual([]);
  });
});
