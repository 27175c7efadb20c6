import { sql } from 'kysely';
import { type AuditFilter, auditQuery } from '../../src/audit/audit.repository.js';
import { type Database } from '../../src/database/database.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const RECORDS = 40_000;
const LIMIT = 20;
/** A hundredth: a page, and what a second filter takes away. */
const FEW = 400;
/** A record a second from here on. */
const BEGIN = '2025-01-01T00:00:00Z';
const OLD = ['2025-01-01T01:00:00Z', '2025-01-01T02:00:00Z'] as const;

/** Members of EXPLAIN's JSON. */
interface Plan {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Plan[];
}

/** Rows that were looked at. Entries of indexes that the planner combines, as it does for few records, are no rows. */
function rowsRead(plan: Plan): number {
  const own =
    /Scan$/.test(plan['Node Type']) && plan['Node Type'] !== 'Bitmap Index Scan'
      ? plan['Actual Rows'] +
        (plan['Rows Removed by Filter'] ?? 0) +
        (plan['Rows Removed by Index Recheck'] ?? 0)
      : 0;
  return own + (plan.Plans ?? []).reduce((sum, part) => sum + rowsRead(part), 0);
}

/** All nodes and callers turn up all the time; of the actions one is rare. */
const COLUMNS = {
  node: [undefined, 'node-7'],
  caller: [undefined, 'caller-3'],
  action: [undefined, 'baremetal:node:vendor_passthru', 'baremetal:node:delete'],
} as const;
const TIMES: Readonly<Record<string, Partial<AuditFilter>>> = {
  'at any time': {},
  'since long ago': { since: OLD[0] },
  'until long ago': { until: OLD[1] },
  'in an hour long ago': { since: OLD[0], until: OLD[1] },
  'after a marker of long ago': { marker: '7000' },
};

describe('The list of a long audit', () => {
  let place: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    place = await testDatabase();
    database = place.open();
    await sql`insert into audit (seq, at, record, hash, action, node, caller)
      select n, ${BEGIN}::timestamptz + n * interval '1 second', '{}', '',
        case when n % 391 = 0 then 'baremetal:node:delete' else 'baremetal:node:vendor_passthru' end,
        'node-' || n % 211, 'caller-' || n % 7
      from generate_series(1, ${RECORDS}::int) n`.execute(database.kysely);
    await sql`vacuum analyze audit`.execute(database.kysely);
  });
  afterAll(async () => {
    await database.close();
    await place.drop();
  });

  const filters = COLUMNS.node.flatMap((node) =>
    COLUMNS.caller.flatMap((caller) => COLUMNS.action.map((action) => ({ node, caller, action }))),
  );

  it.each(Object.entries(TIMES))('is read from an index, by whatever filters: %s', async (_, time) => {
    const scans: object[] = [];
    for (const filter of filters) {
      const query = auditQuery(database.kysely, { ...filter, ...time, limit: LIMIT });
      const [explained] = await query.explain<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
        'json',
        sql`analyze`,
      );
      const plan = explained?.['QUERY PLAN'][0]?.Plan;
      const read = plan === undefined ? 0 : rowsRead(plan);
      if (read === 0 || read > FEW) scans.push({ ...filter, read });
    }
    expect(scans).toEqual([]);
  });

  it('lists each record once in pages, also when the clock was set back', async () => {
    await sql`insert into audit (seq, at, record, hash, action)
      select ${RECORDS}::int + n, ${OLD[0]}::timestamptz, '{}', '', 'test:note' from generate_series(1, 5) n`.execute(
      database.kysely,
    );
    const seqs: string[] = [];
    for (let marker: string | undefined; ;) {
      const page = await auditQuery(database.kysely, { until: OLD[1], marker, limit: 1_000 }).execute();
      seqs.push(...page.map(({ seq }) => seq));
      marker = page.at(-1)?.seq;
      if (page.length < 1_000) break;
    }
    expect(seqs).toHaveLength(7_199 + 5);
    expect(new Set(seqs).size).toBe(seqs.length);
  });
});
