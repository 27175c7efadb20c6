import { join } from 'node:path';
import { type Connection } from '../../../src/database/sessions/connection.js';
import { Database } from '../../../src/database/database.js';
import { EmbeddedServer } from '../../../src/database/embedded/embedded-server.js';
import { silent } from '../../../src/logging/log.js';
import { inSession } from '../../support/database.js';
import { type DataDirectory } from '../../support/service.js';
import { type PostgresPlace } from './fleet.js';

/** Of the processes together: what PostgreSQL leaves to users of its usual 100. */
export const MOST_SESSIONS = 97;
const ROLE = 'soak';
const DATABASE = 'ferrule';

const SESSIONS = {
  name: 'soak-sessions',
  text: `select count(*)::int as count from pg_stat_activity where usename = '${ROLE}'`,
};

/** A PostgreSQL with the tables of the service, whose processes have a role with a limited number of sessions. */
export class PostgresServer {
  private constructor(
    private readonly server: EmbeddedServer,
    /** Its sessions are not the role's. */
    readonly database: Database,
    readonly place: PostgresPlace,
  ) {}

  static async start(directory: DataDirectory): Promise<PostgresServer> {
    const server = await new EmbeddedServer(join(directory.path, 'data'), silent).join();
    try {
      const connection = await server.database(DATABASE);
      await inSession(connection, async (query) => {
        await query(`create role ${ROLE} login connection limit ${MOST_SESSIONS}`);
        await query(`grant all on all tables in schema public to ${ROLE}`);
        await query(`grant all on all sequences in schema public to ${ROLE}`);
        await query(`grant create on database ${DATABASE} to ${ROLE}`);
        await query(`grant all on schema public to ${ROLE}`);
      });
      const place = { socket: socketOf(connection), user: ROLE, database: DATABASE };
      return new PostgresServer(server, Database.at(connection, silent), place);
    } catch (error) {
      await server.abandon();
      throw error;
    }
  }

  /** Of the processes. Undefined while the server does not answer. */
  async sessions(): Promise<number | undefined> {
    const [row] = await this.database.query<{ count: number }>(SESSIONS, []).catch(() => []);
    return row?.count;
  }

  async stop(): Promise<void> {
    await this.database.close();
    await this.server.leave();
  }

  /** Also if it is frozen or down. */
  async kill(): Promise<void> {
    await this.server.abandon();
    await this.database.close();
  }
}

function socketOf(connection: Connection): string {
  if (!('host' in connection)) throw new TypeError('The embedded server has a socket.');
  return `${connection.host}/.s.PGSQL.${connection.port}`;
}
