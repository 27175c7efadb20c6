import { sql } from 'kysely';
import { type JobFilter, pageOf } from '../../src/jobs/record/job-pages.js';
import { type Database } from '../../src/database/database.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const JOBS = 40_000;
const LIMIT = 20;
/** A hundredth. */
const FEW = 400;

/** Members of EXPLAIN's JSON. */
interface Plan {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

function rowsRead(plan: Plan): number {
  const rows = plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0);
  const own = /Scan$/.test(plan['Node Type']) ? rows * plan['Actual Loops'] : 0;
  return own + (plan.Plans ?? []).reduce((sum, part) => sum + rowsRead(part), 0);
}

const FILTERS: readonly Partial<JobFilter>[] = [
  {},
  { driver: 'rare' },
  { method: 'rare' },
  { caller: 'rare' },
  { driver: 'nonesuch' },
  { caller: 'nonesuch' },
  { state: 'failed' },
  { since: '2026-01-01T11:06:00Z' },
  { since: '2026-01-01T00:10:00Z', driver: 'rare' },
  { since: '2027-01-01T00:00:00Z' },
];

describe('a page of many jobs', () => {
  let place: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    place = await testDatabase();
    database = place.open();
    // One a second; those with a state that is not an end are the last ones.
    await sql`insert into jobs (id, state, driver, vendor_interface, method, http_method, args, request_id, caller,
                                created_at, finished_at)
      select gen_random_uuid(), case when n > ${JOBS}::int - 10 then 'queued' when n % 997 = 0 then 'failed' else 'succeeded' end,
        case when n % 9973 = 0 then 'rare' else 'driver-' || n % 3 end, 'v',
        case when n % 9973 = 0 then 'rare' else 'method-' || n % 30 end, 'POST', '{}', 'req',
        json_build_object('name', case when n % 9973 = 0 then 'rare' else 'caller-' || n % 7 end),
        timestamptz '2026-01-01T00:00:00Z' + n * interval '1 second',
        case when n <= ${JOBS}::int - 10 then timestamptz '2026-01-01T00:00:00Z' + n * interval '1 second' end
      from generate_series(1, ${JOBS}::int) n`.execute(database.kysely);
    await sql`vacuum analyze jobs`.execute(database.kysely);
  });
  afterAll(async () => {
    await database.close();
    await place.drop();
  });

  const filterOf = (filter: Partial<JobFilter>): JobFilter => ({
    sortKey: 'created_at',
    sortDir: 'desc',
    limit: LIMIT,
    visible: undefined,
    ...filter,
  });

  it.each(FILTERS.flatMap((filter) => [{ ...filter, sortDir: 'asc' as const }, filter]))(
    'is read from an index: %j',
    async (filter) => {
      const query = pageOf(database.kysely, filterOf(filter));
      const [explained] = await query.explain<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
        'json',
        sql`analyze`,
      );
      const plan = explained?.['QUERY PLAN'][0]?.Plan;
      expect(plan && rowsRead(plan)).toBeLessThan(FEW);
    },
  );

  it.each(FILTERS)('has the jobs that reading all of them finds: %j', async (filter) => {
    const rows = await pageOf(
      database.kysely,
      filterOf({ ...filter, sortDir: 'asc', limit: JOBS }),
    ).execute();
    const conditions = [
      sql`true`,
      ...(filter.driver === undefined ? [] : [sql`driver = ${filter.driver}`]),
      ...(filter.method === undefined ? [] : [sql`method = ${filter.method}`]),
      ...(filter.caller === undefined ? [] : [sql`caller ->> 'name' = ${filter.caller}`]),
      ...(filter.state === undefined ? [] : [sql`state = ${filter.state}`]),
      ...(filter.since === undefined ? [] : [sql`created_at >= ${filter.since}::timestamptz`]),
    ];
    const all = await sql<{ id: string }>`
      select id from jobs where ${sql.join(conditions, sql` and `)} order by created_at`.execute(
      database.kysely,
    );
    expect(rows.map(({ id }) => id)).toEqual(all.rows.map(({ id }) => id));
  });
});
