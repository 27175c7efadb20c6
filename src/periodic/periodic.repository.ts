import { Injectable } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { type Life } from '../conductors/life.js';
import { Database } from '../database/database.js';
import { isAlive, nowAtMost } from '../database/is-alive.js';
import { type PeriodicMethod } from './periodic-method.js';

/** Share of the interval by which runs begin earlier or later. */
const JITTER = 0.1;

const ASKED = `unnest($1::text[], $2::float8[]) as asked (key, milliseconds)`;
const interval = (factor: string): string => `asked.milliseconds * (${factor}) * interval '1 millisecond'`;

/** A method that now runs more often need not wait for the time that it had before. */
const REGISTER = {
  name: 'periodic-register',
  text: `
    insert into periodic_runs (key, next_run)
    select asked.key, now() + ${interval(`${JITTER} * random()`)} from ${ASKED} order by asked.key
    on conflict (key) do update set next_run = least(
      periodic_runs.next_run,
      now() + (select ${interval(`${1 + JITTER}`)} from ${ASKED} where asked.key = excluded.key))`,
};

/** A process asks only for methods that do not run in it, so that it may take again what it could not give back. */
const CLAIM = {
  name: 'periodic-claim',
  text: `
    with due as (
      select runs.key, ${interval(`${1 - JITTER} + ${2 * JITTER} * random()`)} as pause
      from periodic_runs runs join ${ASKED} on runs.key = asked.key
      where runs.next_run <= now()
        and (runs.conductor_id is null or runs.conductor_id = $3
             or not ${isAlive('runs.conductor_id', nowAtMost('$4'))})
        and ${isAlive('$3::uuid')}
      order by runs.key for update of runs skip locked)
    update periodic_runs runs set conductor_id = $3, next_run = now() + due.pause
    from due where runs.key = due.key
    returning runs.key`,
};

const RELEASE = {
  name: 'periodic-release',
  text: 'update periodic_runs set conductor_id = null where key = $1 and conductor_id = $2',
};

@Injectable()
export class PeriodicRepository {
  constructor(
    private readonly database: Database,
    private readonly conductor: Conductor,
  ) {}

  async register(methods: readonly PeriodicMethod[]): Promise<void> {
    await this.database.hot.query(REGISTER, columnsOf(methods));
  }

  /** Takes those that are due and run nowhere. @returns their keys. */
  async claim(methods: readonly PeriodicMethod[], life: Life): Promise<string[]> {
    const values = [...columnsOf(methods), life.id, this.conductor.latestDatabaseTime];
    const rows = await this.database.hot.query<{ key: string }>(CLAIM, values);
    return rows.map(({ key }) => key);
  }

  async release({ key }: PeriodicMethod, life: Life): Promise<void> {
    await this.database.hot.query(RELEASE, [key, life.id]);
  }
}

function columnsOf(methods: readonly PeriodicMethod[]): [keys: string[], milliseconds: number[]] {
  return [methods.map(({ key }) => key), methods.map(({ interval: length }) => length)];
}
