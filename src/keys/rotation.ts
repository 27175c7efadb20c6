import { type Statement, type Statements } from '../database/database.js';
import { StartError } from '../config/start-error.js';
import { SEALED_FIELDS, type SecretsAtRest, type StoredAnswer } from '../secrets/at-rest/secrets-at-rest.js';
import { assertKeys } from './assert-keys.js';
import { KeyRegister } from './key-register.js';

/** Rows that are read and written at once; three columns of a node may have 1 MiB each. */
const NODES = 20;
const JOBS = 50;
/** Each may have 1 MiB. */
const ANSWERS = 20;
/** Whoever still writes with another key after so many passes has not been restarted with the new one. */
const PASSES = 5;

export interface Rotated {
  readonly nodes: number;
  /** With fleet calls, which have those of theirs. */
  readonly jobs: number;
  /** Kept for keys of calls. */
  readonly answers: number;
  /** False if it was stopped before the end; what was done stays. */
  readonly isWhole: boolean;
}

interface StoredText {
  readonly id: string;
  /** JSON text. */
  readonly before: string;
}

interface Change extends StoredText {
  readonly after: string;
}

/** What the columns hold. */
type Stored = Record<string, unknown> | string;

type AnswerRow = StoredAnswer & { readonly id: string };
/** Lower than any. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

type NodeRow = { readonly id: string; readonly uuid: string } & Record<
  (typeof SEALED_FIELDS)[number],
  string
>;

const READ_NODES = {
  name: 'rotation-nodes',
  text: `
    select id, uuid, ${SEALED_FIELDS.map((field) => `${field}::text as ${field}`).join(', ')}
    from nodes where id > $1::bigint order by id limit $2`,
};
const READ_JOBS = {
  name: 'rotation-jobs',
  text: `
    select id, seq, args::text as before from jobs
    where state in ('queued', 'running') and seq > $1::bigint order by seq limit $2`,
};

const READ_FLEET_CALLS = {
  name: 'rotation-fleet-calls',
  text: `
    select id, seq, args::text as before from fleet_calls
    where ended_at is null and seq > $1::bigint order by seq limit $2`,
};

const READ_ANSWERS = {
  name: 'rotation-answers',
  text: `
    select id, headers::text as headers, body, sealed_with as "sealedWith" from idempotency_keys
    where body is not null and sealed_with is distinct from $1 and id > $2::uuid order by id limit $3`,
};
/** One that was encrypted anew or deleted meanwhile stays. */
const WRITE_ANSWERS = {
  name: 'rotation-write-answers',
  text: `
    with asked as materialized (
      select * from unnest($1::uuid[], $2::text[], $3::bytea[]) as asked (id, before, body)),
    held as materialized (
      select known.id, asked.body from asked join idempotency_keys known on known.id = asked.id
      where known.body is not null and known.sealed_with is not distinct from asked.before
      order by known.id for no key update of known)
    update idempotency_keys known set headers = null, body = held.body, sealed_with = $4
    from held where known.id = held.id
    returning known.id`,
};

/** Only what is still as it was read. The clear text stays the same, so `updated_at` does, too. */
function writeTo(table: 'nodes' | 'jobs' | 'fleet_calls', type: string, column: string): Statement {
  return {
    name: `rotation-write-${table}-${column}`,
    text: `
      with asked as materialized (
        select * from unnest($1::${type}[], $2::text[], $3::text[]) as asked (id, before, after)),
      held as materialized (
        select ${table}.id, asked.after from asked join ${table} on ${table}.id = asked.id
        where ${table}.${column}::text = asked.before
        order by ${table}.id for no key update of ${table})
      update ${table} set ${column} = held.after::json from held where ${table}.id = held.id
      returning ${table}.id`,
  };
}
const WRITE_FIELD = new Map(SEALED_FIELDS.map((field) => [field, writeTo('nodes', 'bigint', field)]));
const WRITE_ARGS = writeTo('jobs', 'uuid', 'args');
const WRITE_FLEET_ARGS = writeTo('fleet_calls', 'uuid', 'args');

/**
 * Encrypts all secrets of the database with the first key, also those in the clear. Each batch is a statement of its own,
 * so it can be stopped at any time, run again, and run beside serving processes.
 */
export class Rotation {
  private readonly first: string;
  private nodes = 0;
  private jobs = 0;
  private answers = 0;

  /** @throws StartError without a key. */
  constructor(
    private readonly secrets: SecretsAtRest,
    private readonly stop: AbortSignal,
  ) {
    const { first } = secrets.keys;
    if (first === undefined) {
      throw new StartError('FERRULE_SECRETS_KEY is not set, so there is no key to encrypt with.');
    }
    this.first = first;
  }

  /** @throws StartError if a key is missing, or if another process writes with another key. */
  async run(database: Statements): Promise<Rotated> {
    const register = new KeyRegister(database);
    await register.add(this.first);
    assertKeys(await register.inUse(), this.secrets.keys);
    for (let pass = 0; pass < PASSES; pass++) {
      const found =
        (await this.passNodes(database)) +
        (await this.passCalls(database)) +
        (await this.passAnswers(database));
      if (this.stop.aborted) return this.rotated(false);
      if (found > 0) continue;
      await this.keepOnly(register);
      return this.rotated(true);
    }
    throw this.othersFound('Another process');
  }

  /** Also what another process writes from now on must be readable with the keys of the register. */
  private async keepOnly(register: KeyRegister): Promise<void> {
    await this.refuseOthers(register);
    await register.keepOnly(this.first);
    // One may have registered meanwhile, and its key have been deleted.
    await this.refuseOthers(register);
  }

  private async refuseOthers(register: KeyRegister): Promise<void> {
    const others = await register.othersThan(this.first);
    if (others.length === 0) return;
    for (const { key } of others) if (key !== null) await register.add(key);
    throw this.othersFound(`The process on ${others.map(({ hostname }) => hostname).join(', ')}`);
  }

  private othersFound(who: string): StartError {
    return new StartError(
      `${who} still stores secrets with another key, or without one. Restart every process with ` +
        `FERRULE_SECRETS_KEY beginning with the key ${this.first}, then run this again. A process that was killed ` +
        'counts until its lease (FERRULE_LEASE) has ended.',
    );
  }

  private rotated(isWhole: boolean): Rotated {
    const { nodes, jobs, answers } = this;
    return { nodes, jobs, answers, isWhole };
  }

  private async passNodes(database: Statements): Promise<number> {
    let found = 0;
    for (let after = '0'; !this.stop.aborted;) {
      const rows = await database.query<NodeRow>(READ_NODES, [after, NODES]);
      const touched = new Set<string>();
      for (const [field, statement] of WRITE_FIELD) {
        const changes = rows.flatMap((row): Change[] =>
          changeOf(row.id, row[field], (value) => this.secrets.resealedField(row.uuid, field, value)),
        );
        found += changes.length;
        for (const id of await written(database, statement, changes)) touched.add(id);
      }
      this.nodes += touched.size;
      const last = rows.at(-1);
      if (last === undefined || rows.length < NODES) break;
      after = last.id;
    }
    return found;
  }

  private async passCalls(database: Statements): Promise<number> {
    return (
      (await this.passArguments(database, READ_JOBS, WRITE_ARGS)) +
      (await this.passArguments(database, READ_FLEET_CALLS, WRITE_FLEET_ARGS))
    );
  }

  private async passArguments(database: Statements, read: Statement, write: Statement): Promise<number> {
    let found = 0;
    for (let after = '0'; !this.stop.aborted;) {
      const rows = await database.query<StoredText & { seq: string }>(read, [after, JOBS]);
      const changes = rows.flatMap(({ id, before }) =>
        changeOf(id, before, (args) => this.secrets.resealedArguments(id, args)),
      );
      found += changes.length;
      this.jobs += (await written(database, write, changes)).length;
      const last = rows.at(-1);
      if (last === undefined || rows.length < JOBS) break;
      after = last.seq;
    }
    return found;
  }

  private async passAnswers(database: Statements): Promise<number> {
    let found = 0;
    for (let after = NO_ID; !this.stop.aborted;) {
      const rows = await database.query<AnswerRow>(READ_ANSWERS, [this.first, after, ANSWERS]);
      const last = rows.at(-1);
      if (last === undefined) break;
      found += rows.length;
      const written = await database.query(WRITE_ANSWERS, [
        rows.map(({ id }) => id),
        rows.map(({ sealedWith }) => sealedWith),
        rows.map((row) => this.secrets.resealedAnswer(row.id, row).body),
        this.first,
      ]);
      this.answers += written.length;
      after = last.id;
    }
    return found;
  }
}

/** @returns the ids of the changed rows; others were changed by somebody else meanwhile. */
async function written(
  database: Statements,
  statement: Statement,
  changes: readonly Change[],
): Promise<string[]> {
  if (changes.length === 0) return [];
  const rows = await database.query<{ id: string }>(statement, [
    changes.map(({ id }) => id),
    changes.map(({ before }) => before),
    changes.map(({ after }) => after),
  ]);
  return rows.map(({ id }) => id);
}

/** @returns one change, or none if the value stays as it is. */
function changeOf(id: string, before: string, reseal: (value: Stored) => unknown): Change[] {
  const value = JSON.parse(before) as Stored;
  const resealed = reseal(value);
  return resealed === value ? [] : [{ id, before, after: JSON.stringify(resealed) }];
}
