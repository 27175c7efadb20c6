import { createPostgresBackend, type QueueOptions, setDefaultBackendFactory } from 'bullmq';
import { type Connection } from '../database/connection.js';
import { GuardedClient } from '../database/guarded-client.js';

/** The queue's tables stand beside Ferrule's own, out of their way. */
const SCHEMA = 'ferrule_queue';
/** Sessions of each of the queue's two halves; LISTEN has one more. */
const SESSIONS = 4;
/**
 * The queue does not wait for the disk: its every commit notifies, PostgreSQL lets only one such commit
 * happen at a time, and each would keep the others waiting for the disk, too. The jobs table does wait,
 * and is the truth: what the queue forgets when PostgreSQL crashes, the sweeper enqueues again.
 */
const OPTIONS = '-c synchronous_commit=off';

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
  const postgres = { ...connection, options: OPTIONS, Client: GuardedClient, schema: SCHEMA, max: SESSIONS };
  return { connection: { ...postgres, migrate: true } };
}
