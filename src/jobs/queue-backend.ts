import { createPostgresBackend, type QueueOptions, setDefaultBackendFactory } from 'bullmq';
import { type Connection } from '../database/connection.js';
import { GuardedClient } from '../database/guarded-client.js';

/** The queue's tables stand beside Ferrule's own, out of their way. */
const SCHEMA = 'ferrule_queue';
/** Sessions of each of the queue's two halves; LISTEN has one more. */
const SESSIONS = 4;

/**
 * Puts BullMQ on Redis when there is one, else on Ferrule's own PostgreSQL. The backend is chosen for the
 * whole process, before the first queue is made; nothing else in the code knows which it is.
 */
export function queueOptions(redisUrl: string | undefined, connection: Connection): QueueOptions {
  if (redisUrl !== undefined) {
    setDefaultBackendFactory();
    return { connection: { url: redisUrl, maxRetriesPerRequest: null } };
  }
  setDefaultBackendFactory(createPostgresBackend);
  const postgres = { ...connection, Client: GuardedClient, schema: SCHEMA, max: SESSIONS, migrate: true };
  return { connection: postgres };
}
