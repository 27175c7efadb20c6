import { Injectable } from '@nestjs/common';
import { Conductor } from '../../conductors/conductor.js';
import { Database } from '../../database/database.js';
import { isAlive, nowAtMost } from '../../database/is-alive.js';
import { type StoredAnswer } from '../../secrets/at-rest/secrets-at-rest.js';

const LIFETIME = `interval '24 hours'`;

/** Its job, and not one whose id the caller chose although it was there before. */
const ITS_JOB = `
  select from jobs
  where jobs.id = known.job_id and jobs.created_at >= known.created_at and coalesce(jobs.caller ->> 'id', '') = known.caller`;

/** The state of a row, where `running` is split: by whom it is run, or by nobody. */
const SEEN = `
  case when known.state <> 'running' then known.state
       when exists (${ITS_JOB}) then 'accepted'
       when ${isAlive('known.conductor_id', nowAtMost('$7'))} then 'running'
       else 'abandoned' end`;

/** A row that is locked by another insertion is waited for, and is then not seen: neither taken nor known. */
const TAKE = {
  name: 'idempotency-take',
  isHealed: true,
  text: `
    with taken as (
      insert into idempotency_keys as known (caller, key, id, job_id, fingerprint, conductor_id)
      values ($1, $2, $3, $4, $5, $6)
      on conflict (caller, key) do update
        set id = excluded.id, job_id = excluded.job_id, fingerprint = excluded.fingerprint,
            conductor_id = excluded.conductor_id, state = 'running', status = null, headers = null, body = null,
            sealed_with = null, created_at = now()
        where known.created_at < now() - ${LIFETIME} and ${SEEN} <> 'running'
      returning id)
    select taken.id is not null as is_taken, known.id, known.job_id, known.fingerprint, known.conductor_id, known.status,
           known.headers::text as headers, known.body, known.sealed_with as "sealedWith", ${SEEN} as state
    from (values (1)) one
      left join taken on true
      left join idempotency_keys known on known.caller = $1 and known.key = $2 and taken.id is null`,
};

/** Keeps the id of the job, so that a job that is accepted late after all is the only one. */
const TAKE_OVER = {
  name: 'idempotency-take-over',
  isHealed: true,
  text: `
    update idempotency_keys set conductor_id = $2
    where id = $1 and state = 'running' and job_id is not null and conductor_id is not distinct from $3
    returning id`,
};

const FORGET = {
  name: 'idempotency-forget',
  text: `
    delete from idempotency_keys known
    where id = $1 and state = 'running' and conductor_id = $2 and not exists (${ITS_JOB})`,
};

const LEAVE = {
  name: 'idempotency-leave',
  text: `update idempotency_keys set conductor_id = null where id = $1 and state = 'running' and conductor_id = $2`,
};

const ANSWERED = {
  name: 'idempotency-answered',
  text: `
    update idempotency_keys set state = $2, status = $3, headers = $4::json, body = $5, sealed_with = $6
    where id = $1 and state = 'running'`,
};

const NOT_RUNNING = {
  name: 'idempotency-not-running',
  text: `
    select asked.id
    from unnest($1::uuid[]) as asked (id) left join idempotency_keys known on known.id = asked.id
    where known.id is null
       or known.state <> 'running'
       or exists (${ITS_JOB})
       or not ${isAlive('known.conductor_id')}`,
};

/** Young ones may have been taken since `held` was read. */
const DISOWN = {
  name: 'idempotency-disown',
  text: `
    with orphans as materialized (
      select caller, key, job_id from idempotency_keys
      where state = 'running' and conductor_id = $1 and id <> all ($2::uuid[]) and created_at < now() - interval '10 seconds'
      for update skip locked),
    forgotten as (
      delete from idempotency_keys known using orphans
      where known.caller = orphans.caller and known.key = orphans.key and orphans.job_id is null)
    update idempotency_keys known set conductor_id = null from orphans
    where known.caller = orphans.caller and known.key = orphans.key and orphans.job_id is not null`,
};

const ACCEPTED = {
  name: 'idempotency-accepted',
  text: `update idempotency_keys set state = 'accepted' where id = $1 and state = 'running'`,
};

const IS_ACCEPTED = {
  name: 'idempotency-is-accepted',
  text: `select from idempotency_keys known where id = $1 and exists (${ITS_JOB})`,
};

const ALL_ACCEPTED = {
  name: 'idempotency-all-accepted',
  text: `
    update idempotency_keys known set state = 'accepted'
    where state = 'running' and exists (${ITS_JOB})`,
};

const DELETE_OLD = {
  name: 'idempotency-delete-old',
  text: `
    delete from idempotency_keys where (caller, key) in (
      select caller, key from idempotency_keys known
      where created_at < now() - ${LIFETIME} and (state <> 'running' or not ${isAlive('known.conductor_id')})
      order by created_at limit $1 for update skip locked)
    returning id`,
};

/** The newest answers of each caller stay. The main pool may scan the table, which no index serves. */
const DROP_BEYOND = {
  name: 'idempotency-drop-beyond',
  text: `
    with sized as (
      select id, sum(octet_length(body)) over (partition by caller order by created_at desc, id) as bytes
      from idempotency_keys where body is not null),
    beyond as (
      select id from idempotency_keys
      where body is not null and id in (select id from sized where bytes > $1)
      order by id limit $2 for update skip locked)
    update idempotency_keys known set state = 'dropped', headers = null, body = null, sealed_with = null
    from beyond where known.id = beyond.id
    returning known.id`,
};

/** Who asks for what. */
export interface AskedKey {
  readonly caller: string;
  readonly hash: Buffer;
  readonly id: string;
  /** Null for a synchronous call. */
  readonly jobId: string | null;
  readonly fingerprint: Buffer;
}

/** `dropped`: the answer is not kept. `abandoned`: the process that ran the call is gone. */
export type KeyState = 'running' | 'accepted' | 'answered' | 'dropped' | 'unknown' | 'abandoned';

export interface KnownKey {
  readonly id: string;
  readonly job_id: string | null;
  readonly fingerprint: Buffer;
  readonly conductor_id: string | null;
  readonly state: KeyState;
  readonly status: number | null;
  readonly headers: string | null;
  readonly body: Buffer | null;
  readonly sealedWith: string | null;
}

type TakenRow = { readonly is_taken: boolean } & (KnownKey | { readonly id: null });

@Injectable()
export class IdempotencyKeyRepository {
  constructor(
    private readonly database: Database,
    private readonly conductor: Conductor,
  ) {}

  /** @returns undefined if the key was deleted or inserted meanwhile. */
  async take(asked: AskedKey, life: string): Promise<'taken' | KnownKey | undefined> {
    const { caller, hash, id, jobId, fingerprint } = asked;
    const values = [caller, hash, id, jobId, fingerprint, life, this.conductor.latestDatabaseTime];
    const [row] = await this.database.hot.query<TakenRow>(TAKE, values);
    if (row?.is_taken) return 'taken';
    return row === undefined || row.id === null ? undefined : row;
  }

  /** @returns whether it is this process that runs the call now. */
  async takeOver(
    { id, conductor_id: before }: Pick<KnownKey, 'id' | 'conductor_id'>,
    life: string,
  ): Promise<boolean> {
    return (await this.database.hot.query(TAKE_OVER, [id, life, before])).length > 0;
  }

  async forget(id: string, life: string): Promise<void> {
    await this.database.hot.query(FORGET, [id, life]);
  }

  async leave(id: string, life: string): Promise<void> {
    await this.database.hot.query(LEAVE, [id, life]);
  }

  /** On the disk when this resolves. @param answer undefined if it is too large to be kept. */
  async answered(id: string, status: number, answer: StoredAnswer | undefined): Promise<void> {
    const state = answer ? 'answered' : 'dropped';
    const { headers = null, body = null, sealedWith = null } = answer ?? {};
    await this.database.hot.query(ANSWERED, [id, state, status, headers, body, sealedWith]);
  }

  /** Drops the oldest answers of callers who have more bytes. @returns how many, at most `limit`. */
  async dropBeyond(bytes: number, limit: number): Promise<number> {
    return (await this.database.query(DROP_BEYOND, [bytes, limit])).length;
  }

  /** Those of the ids whose call does not run any more. */
  async notRunning(ids: readonly string[]): Promise<string[]> {
    const rows = await this.database.hot.query<{ id: string }>(NOT_RUNNING, [ids]);
    return rows.map(({ id }) => id);
  }

  /** Gives up the keys of this process that none of its calls holds. */
  async disown(life: string, held: readonly string[]): Promise<void> {
    await this.database.hot.query(DISOWN, [life, held]);
  }

  /** Whether there is the job of the key's call. */
  async isAccepted(id: string): Promise<boolean> {
    return (await this.database.hot.query(IS_ACCEPTED, [id])).length > 0;
  }

  /** So that it is known also when the job was deleted. */
  async accepted(id: string): Promise<void> {
    await this.database.relaxed.query(ACCEPTED, [id]);
  }

  /** Those whose process ended before it marked them. */
  async allAccepted(): Promise<void> {
    await this.database.relaxed.query(ALL_ACCEPTED, []);
  }

  async deleteOld(limit: number): Promise<number> {
    return (await this.database.query(DELETE_OLD, [limit])).length;
  }
}
