import { type Config } from '../../../config/config.js';
import { type Connection } from '../../../database/sessions/connection.js';
import { withClient } from '../../../database/sessions/with-client.js';
import { reasonOf } from '../../../logging/reason-of.js';
import { checkRedis } from '../../serve/redis-check.js';
import { type Finding, ok, problem, warning } from '../finding.js';

const STATEMENT_MS = 5_000;
/** Seconds that a job may be queued before somebody should look. */
const LONG_QUEUED = 600;

const NEVER = new AbortController().signal;
const quiet = { info: () => {}, warn: () => {} };

/** The queue, when it is in Redis. */
export async function checkQueue({ redisUrl }: Pick<Config, 'redisUrl'>): Promise<Finding[]> {
  if (redisUrl === undefined) return [ok('It is in PostgreSQL.')];
  try {
    await checkRedis(redisUrl, { patience: 0, log: quiet, stop: NEVER });
    return [ok('The Redis of FERRULE_REDIS_URL answers.')];
  } catch (error) {
    return [
      problem(reasonOf(error), 'Until then asynchronous calls are answered 503, and accepted jobs wait.'),
    ];
  }
}

interface JobsRow {
  readonly is_there: boolean;
}

interface CountsRow {
  readonly queued: number;
  readonly running: number;
  readonly age: number;
  readonly conductors: number;
}

const IS_THERE = `select to_regclass('jobs') is not null and to_regclass('conductors') is not null as is_there`;
const COUNTS = `
  select count(*) filter (where state = 'queued')::int as queued, count(*) filter (where state = 'running')::int as running,
    coalesce(extract(epoch from now() - min(created_at) filter (where state = 'queued')), 0)::int as age,
    (select count(*)::int from conductors where expires_at > now()) as conductors
  from jobs where state in ('queued', 'running')`;

export async function checkJobs(connection: Connection): Promise<Finding[]> {
  const counts = await withClient(connection, { statementLimit: STATEMENT_MS }, async (client) => {
    const [there] = (await client.query<JobsRow>(IS_THERE)).rows;
    return there?.is_there === true ? (await client.query<CountsRow>(COUNTS)).rows[0] : undefined;
  });
  if (counts === undefined) return [ok('The database has no tables yet.')];
  const { queued, running, age, conductors } = counts;
  const state = `${queued} queued, ${running} running; live processes of the service: ${conductors}`;
  if (queued > 0 && conductors === 0) {
    return [warning(`${state}.`, 'Start the service: no process runs the queued jobs.')];
  }
  if (age > LONG_QUEUED) {
    return [
      warning(
        `${state}. The oldest queued job waits for ${Math.floor(age / 60)} minutes.`,
        'Look whether its BMC answers, raise FERRULE_CONDUCTOR_CONCURRENCY, or start more processes.',
      ),
    ];
  }
  return [ok(`${state}.`)];
}
