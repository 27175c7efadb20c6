import { Injectable } from '@nestjs/common';
import { Coalescer } from '../database/coalescer.js';
import { Database } from '../database/database.js';
import { isAlive, nowAtMost } from '../database/is-alive.js';
import { isFirst } from '../database/is-first.js';
import { isHeld } from '../database/is-held.js';
import { LockHolder } from './lock-holder.js';

/** For one node, in all processes. */
export const MOST_WAITERS = 100;

/** Also deletes what processes left behind that died. If its answer is lost, the place is given up. */
const ENTER = {
  name: 'lock-waiters-enter',
  isHealed: true,
  text: `
    with old as materialized (
      select node_id, number from lock_waiters where until < now() order by until limit 100 for update skip locked),
    deleted as (
      delete from lock_waiters using old where lock_waiters.node_id = old.node_id and lock_waiters.number = old.number),
    entered as (
      insert into lock_waiters (node_id, token, conductor_id, until)
      select node_id, token, $4::uuid, now() + seconds * interval '1 second'
      from unnest($1::bigint[], $2::uuid[], $3::float8[]) as asked (node_id, token, seconds)
      where ${isAlive('$4::uuid')} and $5 > (
        select count(*) from lock_waiters waiting
        where waiting.node_id = asked.node_id and waiting.until > now() and ${isAlive('waiting.conductor_id')})
      returning token, number)
    select token, number, is_alive from (select ${isAlive('$4::uuid')} as is_alive) own left join entered on true`,
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
}

/** `full`: as many wait already. `unsure`: the lease of this process has ended. */
export type Entry =
  { readonly state: 'standing'; readonly place: string } | { readonly state: 'full' | 'unsure' };

export interface Turn {
  readonly token: string;
  /** False: its place is gone, since its time is over or PostgreSQL crashed. */
  readonly hasPlace: boolean;
}

interface EntryRow {
  readonly token: string | null;
  readonly number: string | null;
  readonly is_alive: boolean;
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

  /** At the end of the line, unless `MOST_WAITERS` stand there; other processes may add a few more at the same moment. */
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
      this.self.life.id,
      MOST_WAITERS,
    ]);
    const places = new Map(rows.map(({ token, number }) => [token, number]));
    const isAlive = rows.some(({ is_alive: alive }) => alive);
    return newcomers.map(({ token }): Entry => {
      const place = places.get(token) ?? undefined;
      if (place !== undefined) return { state: 'standing', place };
      return { state: isAlive ? 'full' : 'unsure' };
    });
  }

  private async leaveAll(tokens: readonly string[]): Promise<undefined[]> {
    await this.database.relaxed.query(LEAVE, [tokens]);
    return tokens.map(() => undefined);
  }
}
