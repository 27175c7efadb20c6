import { type Connection } from '../connection.js';
import { GuardedClient } from '../guarded-client.js';
import { codeOf } from '../error-code.js';

/** SQLSTATE 57P03: the server is there and is starting, recovering or stopping. */
const CANNOT_CONNECT_NOW = '57P03';
/** SQLSTATE 57P01 and 57P02: the server ended the session because it stops, or because it crashed. */
const SHUTTING_DOWN = ['57P01', '57P02'];
/** The kernel's words for a socket that nobody listens on, or that breaks while one connects. */
const NOBODY_THERE = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

export type Presence = 'accepting' | 'busy' | 'absent';

/** Whether a server answers behind a socket. */
export async function probe(connection: Connection): Promise<Presence> {
  const client = new GuardedClient({ ...connection });
  try {
    await client.connect();
    await client.end();
    return 'accepting';
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return NOBODY_THERE.includes(codeOf(error) ?? 'ECONNRESET') ? 'absent' : 'busy';
  }
}

/** Whether an error only says that the server is not there now: it comes, it goes, or it is dead. */
export function isAbsence(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return [CANNOT_CONNECT_NOW, ...SHUTTING_DOWN, ...NOBODY_THERE].includes(code);
  return /connection (terminated|ended)|not queryable/i.test(String(error));
}
