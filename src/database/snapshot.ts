import { type QueryResultRow } from 'pg';
import { type Statements } from './database.js';
import { statementsOf } from './sessions/client-statements.js';
import { type Connection } from './sessions/connection.js';
import { type Statement } from './sessions/sessions.js';
import { withClient } from './sessions/with-client.js';

/** Milliseconds for each statement. */
const STATEMENT_MS = 60_000;

/** The reader may pause between two statements, for example behind a pipe, but meanwhile PostgreSQL can tidy up nothing. */
const PAUSE = '6h';

/**
 * Reads one state of the database, whatever others change meanwhile.
 * @param stop is looked at before each statement.
 * @param pause between two statements, after which PostgreSQL ends the session.
 */
export function inSnapshot<T>(
  connection: Connection,
  stop: AbortSignal,
  work: (statements: Statements) => Promise<T>,
  pause = PAUSE,
): Promise<T> {
  const settings = { idle_in_transaction_session_timeout: pause };
  return withClient(connection, { statementLimit: STATEMENT_MS, settings }, async (client) => {
    await client.query('begin isolation level repeatable read read only');
    const statements = statementsOf(client);
    return work({
      query: async <R extends QueryResultRow>(statement: Statement, values: readonly unknown[]) => {
        stop.throwIfAborted();
        return statements.query<R>(statement, values);
      },
    });
  });
}
