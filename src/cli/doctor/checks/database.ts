import { type Config } from '../../../config/config.js';
import { MigrationError, pendingMigrations } from '../../../database/migrate.js';
import { MIGRATIONS } from '../../../database/migrations/index.js';
import { type Connection } from '../../../database/sessions/connection.js';
import { withClient } from '../../../database/sessions/with-client.js';
import { reasonOf } from '../../../logging/reason-of.js';
import { type Finding, ok, problem, warning } from '../finding.js';

const STATEMENT_MS = 5_000;
const OLDEST_TESTED = 150_000;
/** Part of the sessions that the server allows. */
const MANY = 0.8;

interface ServerRow {
  readonly version: string;
  readonly number: number;
  readonly size: string;
  readonly sessions: number;
  readonly limit: number;
}

const SERVER = `
  select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
    pg_size_pretty(pg_database_size(current_database())) as size,
    (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as sessions,
    current_setting('max_connections')::int as limit`;

export async function checkDatabase(
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  connection: Connection,
): Promise<Finding[]> {
  const isOwn = databaseUrl !== undefined;
  let server: ServerRow | undefined;
  try {
    const { rows } = await withClient(connection, { statementLimit: STATEMENT_MS }, (client) =>
      client.query<ServerRow>(SERVER),
    );
    [server] = rows;
  } catch (error) {
    const advice = isOwn
      ? 'Start it, or correct FERRULE_DATABASE_URL.'
      : 'Look into postgres.log in the data directory, and restart the service.';
    return [problem(`PostgreSQL does not answer: ${reasonOf(error)}.`, advice)];
  }
  if (server === undefined) return [];
  return [...serverFindings(server), ...(await migrationFindings(connection, isOwn))];
}

function serverFindings({ version, number, size, sessions, limit }: ServerRow): Finding[] {
  const found = [ok(`PostgreSQL ${version} answers; the database has ${size}.`)];
  if (number < OLDEST_TESTED) {
    found.push(warning(`PostgreSQL ${version} is older than what is tested.`, 'Upgrade it to 15 or later.'));
  }
  if (sessions > MANY * limit) {
    found.push(
      warning(
        `${sessions} of ${limit} sessions are in use.`,
        'Raise max_connections of PostgreSQL, or run fewer processes: they share what it allows.',
      ),
    );
  }
  return found;
}

async function migrationFindings(connection: Connection, isOwn: boolean): Promise<Finding[]> {
  try {
    const pending = await pendingMigrations(connection);
    if (pending.length === 0) return [ok('It is up to date with this version of Ferrule.')];
    if (isOwn && pending.length === MIGRATIONS.length) {
      const advice =
        'Run: ferrule migrate, or ferrule restore to fill it from a backup; or correct FERRULE_DATABASE_URL.';
      return [problem('It has no tables of Ferrule.', advice)];
    }
    const names = pending.join(', ');
    return isOwn
      ? [problem(`It lacks ${names}.`, 'Make a backup, stop the older version, and run: ferrule migrate')]
      : [warning(`It lacks ${names}.`, 'Make a backup; the next start of this version adds them.')];
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    return [problem(error.message, 'Run the version of Ferrule that the database needs.')];
  }
}
