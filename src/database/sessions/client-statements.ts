import type pg from 'pg';
import { type Statement } from './sessions.js';

/** Statements on one session, for example in a transaction of it. */
export function statementsOf(client: Pick<pg.ClientBase, 'query'>) {
  return {
    query: async <R extends pg.QueryResultRow>({ name, text }: Statement, values: readonly unknown[]) =>
      (await client.query<R>({ name, text, values: [...values] })).rows,
  };
}
