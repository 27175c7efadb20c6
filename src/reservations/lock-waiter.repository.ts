import { Injectable } from '@nestjs/common';
import { Coalescer } from '../database/coalescer.js';
import { Database } from '../database/database.js';
import { isAlive, nowAtMost } from '../database/is-alive.js';
import { isFirst } from '../database/is-first.js';
import { isHeld } from '../database/is-held.js';
import { LockHolder } from './lock-holder.js';

/** For one node, in all processes. */
export const MOST_WAITERS = 100;
/** The most of one origin, for one node. */
export const WAITER_SHARE = 25;

/** Also deletes what processes left behind that died. If its answer is lost, the place is given up. */
const ENTER = {
  name: 'lock-waiters-enter',
  isHealed: true,
  text: `
    with old as materialized (
      select node_id, number from lock_waiters where until < now() order by until limit 100 for update skip locked),
    deleted as (
      delete from lock_waiters using old where lock_waiters.node_id = old.node_id and lock_waiters.number = old.number),
    asked as materialized (
      select asked.*, line.standing, line.own
      from unnest($1::bigint[], $2::uuid[], $3::float8[], $4::text[]) as asked (node_id, token, seconds, origin)
        cross join lateral (
          select count(*) as standing, count(*) filter (where waiting.origin = asked.origin) as own
          from lock_waiters waiting
          where waiting.node_id = asked.node_id and waiting.until > now() and ${isAlive('waiting.conductor_id')}) line),
    entered as (
      insert into lock_waiters (node_id, token, conductor_id, until, origin)
      select node_id, token, $5::uuid, now() + seconds * interval '1 second', origin from asked
      where ${isAlive('$5::uuid')} and standing < $6 and own < $7
      returning token, number)
    select token, number, standing >= $6 as "isFull", ${isAlive('$5::uuid')} as "isAlive"
    from asked left join entered using (token)`,
};

const LEAVE = {
  name: 'lock-waiters-leave',
  text: 'delete from lock_waiters where token = any ($1::uuid[])',
};

const COUNT = {
  name: 'lock-waiters-count',
  text: `
    select count(*)::int as count from lock_waiters waiting
    where waiting.node_id = $1 and waiting.until > now() and ${isAlive('waiting.conductor_id')}`,
};

/** The first of each line whose lock is free, and those that have no place any more. */
const TURNS = {
  name: 'lock-waiters-turns',
  text: `
    select asked.token, own.number is not null as has_place
    from unnest($1::uuid[]) as asked (token)
      left join lateral (
        select node_id, number from lock_waiters where lock_waiters.token = asked.token offset 0) own on true
    where own.number is null or (${isFirst('own.node_id', 'own.number')} and not exists (
      select from reservations held
      where held.node_id = own.node_id and ${isHeld('held', nowAtMost('$2'))}))`,
};

/** A call that asks for a place. */
export interface Newcomer {
  readonly nodeId: string;
  readonly token: string;
  /** Until it leaves the line by itself. */
  readonly seconds: number;
  /** With which others it shares its part of the places. */
  readonly origin: string;
}

/** `full`: as many wait already. `share-full`: as many of its origin do. `unsure`: the lease of this process has ended. */
export type Entry =
  | { readonly state: 'standing'; readonly place: string }
  | { readonly state: 'full' | 'share-full' | 'unsure' };

export interface Turn {
  readonly token: string;
  /** False: its place is gone, since its time is over or PostgreSQL crashed. */
  readonly hasPlace: boolean;
}

interface EntryRow {
  readonly token: string;
  readonly number: string | null;
  readonly isFull: boolean;
  readonly isAlive: boolean;
}

/**
 * The lines of calls that wait for the locks of nodes, of all processes. Who waits for a lock is served before all that came
 * later, with or without a place; see `isFirst`. No commit waits for the disk, since a crash of PostgreSQL empties the lines.
 */
@Injectable()
export class LockWaiterRepository {
  private readonly entries: Coalescer<Newcomer, Entry>;
  private readonly exits: Coalescer<string, undefined>;

  constructor(
    private readonly database: Database,
    private readonly self: LockHolder,
  ) {
    this.entries = new Coalescer({
      work: (newcomers) => this.enterAll(newcomers),
      // They are counted in the snapshot of the statement.
      keyOf: ({ nodeId }) => nodeId,
    });
    this.exits = new Coalescer({ work: (tokens) => this.leaveAll(tokens) });
  }

  /**
   * At the end of the line, unless `MOST_WAITERS` stand there, or `WAITER_SHARE` of its origin; other processes may add a
   * few more at the same moment.
   */
  enter(newcomer: Newcomer): Promise<Entry> {
    return this.entries.run(newcomer);
  }

  async leave(token: string): Promise<void> {
    await this.exits.run(token);
  }

  async count(nodeId: string): Promise<number> {
    const [row] = await this.database.hot.query<{ count: number }>(COUNT, [nodeId]);
    return row?.count ?? 0;
  }

  /** Those of the waiting calls that should try to take their locks now. */
  async turns(tokens: readonly string[]): Promise<Turn[]> {
    const rows = await this.database.hot.query<{ token: string; has_place: boolean }>(TURNS, [
      tokens,
      this.self.latestDatabaseTime,
    ]);
    return rows.map(({ token, has_place: hasPlace }) => ({ token, hasPlace }));
  }

  private async enterAll(newcomers: readonly Newcomer[]): Promise<Entry[]> {
    const rows = await this.database.relaxed.query<EntryRow & Record<string, unknown>>(ENTER, [
      newcomers.map(({ nodeId }) => nodeId),
      newcomers.map(({ token }) => token),
      newcomers.map(({ seconds }) => seconds),
      newcomers.map(({ origin }) => origin),
      this.self.life.id,
      MOST_WAITERS,
      WAITER_SHARE,
    ]);
    const found = new Map(rows.map((row) => [row.token, row]));
    return newcomers.map(({ token }) => entryOf(found.get(token)));
  }

  private async leaveAll(tokens: readonly string[]): Promise<undefined[]> {
    await this.database.relaxed.query(LEAVE, [tokens]);
    return tokens.map(() => undefined);
  }
}

function entryOf(row: EntryRow | undefined): Entry {
  if (!row?.isAlive) return { state: 'unsure' };
  if (row.number !== null) return { state: 'standing', place: row.number };
  return { state: row.isFull ? 'full' : 'share-full' };
}
