import { type Connection } from '../sessions/connection.js';
import { GuardedClient } from '../sessions/guarded-client.js';
import { codeOf } from '../faults/error-code.js';

const CANNOT_CONNECT_NOW = '57P03';
/** SQLSTATE: the server stops or crashed. */
const SHUTTING_DOWN = ['57P01', '57P02'];
/** Nobody listens on the socket, or it breaks during the connection. */
const NOBODY_THERE = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

const CONNECT_MS = 3_000;

/** `busy`: there is a server, which does not take connections now or does not answer. */
export type Presence = 'accepting' | 'busy' | 'absent';

export async function probe(connection: Connection): Promise<Presence> {
  const client = new GuardedClient({ ...connection, connectionTimeoutMillis: CONNECT_MS });
  try {
    await client.connect();
    await client.hangUp();
    return 'accepting';
  } catch (error) {
    if (/timeout expired/.test(String(error))) return 'busy';
    if (!isAbsence(error)) throw error;
    return NOBODY_THERE.includes(codeOf(error) ?? 'ECONNRESET') ? 'absent' : 'busy';
  }
}

export function isAbsence(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return [CANNOT_CONNECT_NOW, ...SHUTTING_DOWN, ...NOBODY_THERE].includes(code);
  return /connection (terminated|ended)|not queryable/i.test(String(error));
}
