import { type RawBuilder, sql } from 'kysely';
import { readQuery } from '../../../src/http/query/query.js';
import { boundedPage } from '../../../src/resources/list/bounded-page.js';
import { nodeConditions } from '../../../src/nodes/list/node-filters.js';
import { readListRequest } from '../../../src/nodes/list/node-list.request.js';
import { startApp, type TestApp } from '../../support/app.js';

const NODES = 20_000;
const SERVED = [{ driver: 'fake-hardware', group: '', hosts: ['cond-a'] }];

describe('a page of many nodes without statistics', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
    // As after a bulk load, before autovacuum has analyzed the table.
    await sql`alter table nodes set (autovacuum_enabled = false)`.execute(app.database.kysely);
    await sql`insert into nodes (uuid, driver, provision_state, extra)
      select gen_random_uuid(), 'fake-hardware', 'enroll', json_build_object('notes', repeat('x', 300))
      from generate_series(1, ${NODES}::int)`.execute(app.database.kysely);
  });
  afterAll(() => app.close());

  const assertInOrder = async (statement: RawBuilder<unknown>): Promise<void> => {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain ${statement}`.execute(app.database.kysely);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index Scan using nodes_pkey');
    expect(plan).not.toMatch(/Seq Scan|Sort /);
  };

  it.each(['', 'include_children=true', 'maintenance=false'])(
    'reads the primary key in order: ?%s',
    async (search) => {
      const { filters } = readListRequest({ query: readQuery(search), microversion: 109 });
      const conditions = sql.join(nodeConditions(filters, SERVED), sql` and `);
      const page = sql`select id, uuid, extra from nodes where ${conditions} order by id asc limit 100`;
      await assertInOrder(page);
      await assertInOrder(boundedPage(page, ['extra'], sql`id asc`));
    },
  );
});
