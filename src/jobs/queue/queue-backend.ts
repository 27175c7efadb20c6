import {
  createPostgresBackend,
  createRedisBackend,
  type JobsOptions,
  Queue,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { type Connection } from '../../database/connection.js';
import { GuardedClient } from '../../database/guarded-client.js';

const JOB_QUEUE = 'ferrule-jobs';
/** The queue's tables stand beside Ferrule's own, out of their way. */
const SCHEMA = 'ferrule_queue';
/** Sessions of the half that adds entries, and of the one that takes them; LISTEN has one more. */
const SESSIONS = { producer: 2, consumer: 4 };
/** Milliseconds for one statement, and for the answer to it; the queue's own migrations are the longest. */
const STATEMENT_MS = 10_000;
const ANSWER_MS = 11_000;
/**
 * Commits of the queue do not wait for the disk. The jobs table does, and is the truth: what the queue forgets
 * in a crash of PostgreSQL is enqueued again.
 */
const SETTINGS = `-c synchronous_commit=off -c jit=off -c statement_timeout=${STATEMENT_MS}`;
/** Nobody reads the queue's stream of events; BullMQ cannot be told to write none. */
const STREAMS = { events: { maxLen: 100 } };

const CONNECT_MS = 3_000;
/** Longer than the worker blocks while it waits for an entry. */
const CONSUMER_COMMAND_MS = 8_000;
const PRODUCER_COMMAND_MS = 2_000;
const RECONNECT_MS = 500;

/** An entry carries ids of jobs and nothing else: the jobs table is the truth. */
export interface QueueEntry {
  readonly ids: readonly string[];
}

/** What both halves of BullMQ's queue have in common here. */
interface Half {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  /** Its connections; `close(true)` waits for nothing. */
  getBackend(): { close(force: boolean): Promise<void> };
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** BullMQ's queue, as far as it is used. */
export interface Producer extends Half {
  add(name: string, entry: QueueEntry, options: JobsOptions): Promise<unknown>;
  getWaitingCount(): Promise<number>;
}

/** BullMQ's worker, as far as it is used. */
export interface Consumer extends Half {
  run(): Promise<void>;
  pause(doNotWaitActive: boolean): Promise<void>;
}

/** Does what an entry asks for; the entry is done when the promise settles. */
export type EntryProcessor = (entry: { readonly data: QueueEntry }) => Promise<void>;
export type ConsumerOptions = Omit<WorkerOptions, 'connection'>;

/** BullMQ, on one of its backends. */
export interface QueueBackend {
  /** Makes the queue's tables, where it has tables. @throws when the queue is away. */
  prepare(): Promise<void>;
  producer(): Producer;
  consumer(process: EntryProcessor, options: ConsumerOptions): Consumer;
  /** No connection that is lost from now on is made anew. */
  end(): void;
}

/**
 * BullMQ on Redis when there is one, else on Ferrule's own PostgreSQL; nothing else in the code knows which.
 * No command waits for a connection that is away, and none waits for its answer for ever.
 */
export function queueBackend(redisUrl: string | undefined, database: Connection): QueueBackend {
  return redisUrl === undefined ? onPostgres(database) : onRedis(redisUrl);
}

function onPostgres(database: Connection): QueueBackend {
  const connection = (max: number) => ({
    ...database,
    options: SETTINGS,
    Client: GuardedClient,
    schema: SCHEMA,
    migrate: false,
    max,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
  });
  return {
    prepare: () => makeTables(database),
    producer: () => {
      const options = { streams: STREAMS, connection: connection(SESSIONS.producer) };
      return new Queue(JOB_QUEUE, options, createPostgresBackend);
    },
    consumer: (process, options) => {
      const all = { ...options, connection: connection(SESSIONS.consumer) };
      return new Worker(JOB_QUEUE, (entry) => process(entry), all, createPostgresBackend);
    },
    end: () => {},
  };
}

/**
 * In a session of its own whose commits wait for the disk: tables that a crash of PostgreSQL forgot would be
 * missing until the next start.
 */
async function makeTables(database: Connection): Promise<void> {
  const client = new GuardedClient({
    ...database,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
  });
  try {
    await client.connect();
    await runMigrations(client, SCHEMA);
  } finally {
    await client.end().catch(() => {});
  }
}

function onRedis(url: string): QueueBackend {
  let hasEnded = false;
  const retryStrategy = () => (hasEnded ? null : RECONNECT_MS);
  const connection = { url, connectTimeout: CONNECT_MS, retryStrategy };
  const producer = {
    ...connection,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: PRODUCER_COMMAND_MS,
  };
  const consumer = { ...connection, maxRetriesPerRequest: null, commandTimeout: CONSUMER_COMMAND_MS };
  return {
    prepare: async () => {},
    producer: () => new Queue(JOB_QUEUE, { streams: STREAMS, connection: producer }, createRedisBackend),
    consumer: (process, options) =>
      new Worker(
        JOB_QUEUE,
        (entry) => process(entry),
        { ...options, connection: consumer },
        createRedisBackend,
      ),
    end: () => {
      hasEnded = true;
    },
  };
}
