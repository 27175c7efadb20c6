import { type Statements } from '../database.js';

/** The state of the database up to which changes of jobs are known. */
export interface Moment {
  /** Snapshots of different histories cannot be compared. */
  readonly history: string;
  /** PostgreSQL's text of a `pg_snapshot`. */
  readonly snapshot: string;
}

export interface ChangedJob {
  readonly id: string;
  readonly hasEnded: boolean;
}

/** What has changed since another moment. */
export interface Changes {
  readonly now: Moment;
  /** Undefined: too many, or nobody knows, since the moment is of another history. */
  readonly jobs: readonly ChangedJob[] | undefined;
}

/** More are not listed. */
const MOST = 2_000;

const BEGIN_HISTORY = {
  name: 'job-history-begin',
  text: 'insert into job_history default values on conflict do nothing',
};

/**
 * What the snapshot of the earlier moment did not show and this one does, so that a transaction that commits late is not
 * missed. The two parts are searches of the index, whatever is still running.
 */
const LOOK = {
  name: 'job-changes',
  text: `
    select pg_current_snapshot()::text as snapshot, (select id from job_history) as history,
           array(
             select id::text || case when finished_at is null then '' else '!' end
             from (select id, finished_at from jobs
                   where change >= pg_snapshot_xmax($1::pg_snapshot) and change < pg_snapshot_xmax(pg_current_snapshot())
                   union all
                   select id, finished_at from jobs
                   where change = any (array(select pg_snapshot_xip($1::pg_snapshot)))
                   limit $2) as changed) as jobs`,
};

/** Before any change; of no history. */
const NONE: Moment = { history: '', snapshot: '1:1:' };

export async function jobMoment(statements: Statements): Promise<Moment> {
  return (await look(statements, NONE, 0)).now;
}

/** @param since the earlier moment. */
export async function jobChanges(statements: Statements, since: Moment): Promise<Changes> {
  return look(statements, since, MOST);
}

async function look(statements: Statements, since: Moment, most: number): Promise<Changes> {
  for (;;) {
    const [row] = await statements.query<{ snapshot: string; history: string | null; jobs: string[] }>(LOOK, [
      since.snapshot,
      most,
    ]);
    if (!row) throw new Error('A statement without a table has no row.');
    const { snapshot, history, jobs } = row;
    if (history !== null) {
      const isKnown = history === since.history && jobs.length < most;
      const changed = jobs.map((text) => ({ id: text.slice(0, 36), hasEnded: text.endsWith('!') }));
      return { now: { history, snapshot }, jobs: isKnown ? changed : undefined };
    }
    await statements.query(BEGIN_HISTORY, []);
  }
}
