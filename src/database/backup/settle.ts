import type pg from 'pg';
import { StartError } from '../../config/start-error.js';
import { type RestoreOptions, settleRestored } from '../transitions/settle-restored.js';

/** No process registers until the end of the transaction, which after an error is that of the session. */
const LOCK = 'lock table conductors in share row exclusive mode';

const ALIVE = `
  select string_agg(distinct hostname, ', ') as names, to_char(max(expires_at), 'YYYY-MM-DD HH24:MI:SS TZ') as until
  from conductors where expires_at > now()`;

/**
 * Settles a database that was restored with the means of PostgreSQL, in one transaction.
 * @returns how many jobs were ended.
 * @throws StartError if processes use it, whose jobs and locks these are.
 */
export async function settle(client: Pick<pg.ClientBase, 'query'>, options: RestoreOptions): Promise<number> {
  await client.query('begin');
  await client.query(LOCK);
  const { rows } = await client.query<{ names: string | null; until: string | null }>(ALIVE);
  const [{ names, until } = { names: null, until: null }] = rows;
  if (names !== null) {
    throw new StartError(
      `The database is in use: the lease of ${names} lasts until ${until}. Only a restored database that no process uses ` +
        'yet is settled. If it was restored just now, wait until then.',
    );
  }
  const ended = await settleRestored(client, options);
  await client.query('commit');
  return ended;
}
