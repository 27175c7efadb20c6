import { createHash } from 'node:crypto';
import { type Statements } from '../database/database.js';
import { type Gap, Gaps } from './switches.js';

export interface StoredRecord {
  readonly seq: string;
  /** RFC 3339 in UTC with microseconds. */
  readonly at: string;
  /** JSON text. */
  readonly record: string;
  readonly hash: Buffer;
}

interface SearchedRecord extends StoredRecord {
  readonly action: string;
  readonly node: string | null;
  readonly caller: string | null;
}

export interface Link {
  readonly seq: string;
  readonly hash: Buffer;
}

interface Chain {
  readonly newest: Link;
  readonly forgotten: Link;
}

interface ChainRow extends Link {
  readonly forgotten_seq: string;
  readonly forgotten_hash: Buffer;
}

/** Rows that are read at once; records are short. */
const PAGE = 2_000;

const CHAIN = {
  name: 'audit-chain',
  text: 'select seq, hash, forgotten_seq, forgotten_hash from audit_chain',
};
const ROWS = {
  name: 'audit-rows',
  text: `select seq, at, record, hash, action, node, caller from audit
         where seq > $1::bigint and seq <= $2::bigint order by seq limit $3`,
};

/** Numbers of the record before a span, and of the last one in it; the clock may have been set back between them. */
const ENDS = {
  name: 'audit-ends',
  text: `select (select coalesce(min(seq) - 1, $4::bigint) from audit where at >= $1::timestamptz and seq > $3::bigint) as before,
                (select coalesce(max(seq), $3::bigint) from audit where at < $2::timestamptz and seq <= $4::bigint) as last`,
};

/** Rows beyond the ends of the chain. */
const STRAYS = {
  name: 'audit-strays',
  text: `select ends.seq from audit_chain, (select max(seq) as seq from audit union all select min(seq) from audit) ends
         where ends.seq > audit_chain.seq or ends.seq <= audit_chain.forgotten_seq limit 1`,
};

export function hashOf(before: Buffer, { seq, at, record }: Omit<StoredRecord, 'hash'>): Buffer {
  return createHash('sha256').update(before).update(`${seq} ${at} ${record}`).digest();
}

export interface Span {
  /** RFC 3339; `since` is included, `until` is not. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/**
 * Oldest first, without gaps.
 * @param statements of a snapshot.
 * @param span from the first record since then to the last one before the other.
 */
export async function* recordsOf(
  statements: Statements,
  { since, until }: Span = {},
): AsyncGenerator<StoredRecord> {
  const { newest, forgotten } = await chainOf(statements);
  const [ends] = await statements.query<{ before: string; last: string }>(ENDS, [
    since ?? '-infinity',
    until ?? 'infinity',
    forgotten.seq,
    newest.seq,
  ]);
  if (ends === undefined) throw new Error('An aggregate has no row.');
  for await (const page of pages(statements, ends.before, ends.last)) yield* page;
}

export type Verdict =
  | {
      readonly isWhole: true;
      readonly count: number;
      readonly forgotten: string;
      readonly newest: Link;
      readonly gaps: readonly Gap[];
    }
  | { readonly isWhole: false; readonly problem: string };

/**
 * Names the first broken record.
 * @param statements of a snapshot: the retention deletes records from the beginning of the chain.
 * @param expected a record that must be in the chain, as noted before.
 */
export async function verify(statements: Statements, expected?: Link): Promise<Verdict> {
  const { newest, forgotten } = await chainOf(statements);
  let last = forgotten;
  let count = 0;
  let stated: string | undefined;
  const gaps = new Gaps();
  let isFound = expected === undefined || isSame(expected, forgotten);
  for await (const page of pages(statements, forgotten.seq, newest.seq)) {
    for (const row of page) {
      const wanted = String(BigInt(last.seq) + 1n);
      if (row.seq !== wanted) return broken(`record ${wanted} is missing`);
      if (!hashOf(last.hash, row).equals(row.hash)) {
        return broken(`record ${row.seq} of ${row.at} was changed, or the one before it was`);
      }
      const column = falseCopy(row);
      if (column !== undefined) {
        return broken(
          `the row of record ${row.seq} of ${row.at} was changed: its column ${column} is not what the record has`,
        );
      }
      if (expected && isSame(expected, row)) isFound = true;
      gaps.see(row);
      stated = forgottenIn(row.record) ?? stated;
      last = row;
      count++;
    }
  }
  if (!isSame(last, newest)) {
    return broken(`the newest record is ${last.seq}, but ${newest.seq} was the last that was written`);
  }
  const [stray] = await statements.query<{ seq: string }>(STRAYS, []);
  if (stray) return broken(`the row ${stray.seq} is not a record of the chain`);
  const deleted = `${forgotten.seq} ${forgotten.hash.toString('hex')}`;
  if (forgotten.seq !== '0' && stated !== deleted) {
    return broken(`the records up to ${forgotten.seq} were not deleted by the retention`);
  }
  if (!isFound) return broken(`it has no record ${expected?.seq ?? ''} with the expected hash`);
  return { isWhole: true, count, forgotten: forgotten.seq, newest, gaps: gaps.all };
}

/** Columns for searches are copies of members of the record, which is hashed. */
const COPIES = ['action', 'node', 'caller'] as const;

/** @returns the first that is none. */
function falseCopy(row: SearchedRecord): string | undefined {
  const members = JSON.parse(row.record) as Record<string, unknown>;
  return COPIES.find((column) => (members[column] ?? null) !== row[column]);
}

function broken(problem: string): Verdict {
  return { isWhole: false, problem };
}

function isSame(one: Link, other: Link): boolean {
  return one.seq === other.seq && one.hash.equals(other.hash);
}

/**
 * The retention records what it deleted, so that the beginning of the chain cannot be cut off unnoticed. Before migration
 * 14 the members were called as those of each record.
 */
function forgottenIn(record: string): string | undefined {
  if (!record.includes('ferrule:audit:forget')) return undefined;
  const members = JSON.parse(record) as Record<string, unknown>;
  const { event, last_seq: seq = members['seq'], last_hash: hash = members['hash'] } = members;
  return event === 'forgotten' ? `${String(seq)} ${String(hash)}` : undefined;
}

async function chainOf(statements: Statements): Promise<Chain> {
  const [row] = await statements.query<ChainRow & Record<string, unknown>>(CHAIN, []);
  if (!row) throw new Error('The table audit_chain has no row.');
  return {
    newest: { seq: row.seq, hash: row.hash },
    forgotten: { seq: row.forgotten_seq, hash: row.forgotten_hash },
  };
}

async function* pages(
  statements: Statements,
  after: string,
  last: string,
): AsyncGenerator<readonly SearchedRecord[]> {
  for (let from = after; ;) {
    const page = await statements.query<SearchedRecord & Record<string, unknown>>(ROWS, [from, last, PAGE]);
    yield page;
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE) return;
    from = end.seq;
  }
}
