import { type JobsOptions, type QueueOptions, type WorkerOptions } from 'bullmq';
import { type Connection } from '../../database/sessions/connection.js';
import { GuardedClient } from '../../database/sessions/guarded-client.js';
import { spans } from '../../tracing/spans.js';
import { withClient } from '../../database/sessions/with-client.js';

const JOB_QUEUE = 'ferrule-jobs';
const SCHEMA = 'ferrule_queue';
const SESSIONS = { producer: 2, consumer: 4 };
/** Milliseconds per statement and answer; the queue's own migrations take longest. */
const STATEMENT_MS = 10_000;
const ANSWER_MS = 11_000;
/** The queue's commits do not wait for the disk; entries lost in a crash are added again from the jobs table. */
const SETTINGS = `-c synchronous_commit=off -c jit=off -c statement_timeout=${STATEMENT_MS}`;
/** BullMQ always writes a stream of events, which nobody reads. */
const STREAMS = { events: { maxLen: 100 } };

const CONNECT_MS = 3_000;
/** Milliseconds; longer than the worker blocks while it waits for an entry. */
const CONSUMER_COMMAND_MS = 8_000;
const PRODUCER_COMMAND_MS = 2_000;
const RECONNECT_MS = 500;

/** An entry carries only ids; everything else is in the jobs table. */
export interface QueueEntry {
  readonly ids: readonly string[];
}

export interface QueueClient {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  /** `close(true)` does not wait. */
  getBackend(): { close(force: boolean): Promise<void>; disconnect(): Promise<void> };
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface Producer extends QueueClient {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'ioredis:close', listener: () => void): unknown;
  add(name: string, entry: QueueEntry, options: JobsOptions): Promise<unknown>;
  getWaitingCount(): Promise<number>;
}

export interface Consumer extends QueueClient {
  run(): Promise<void>;
  pause(doNotWaitActive: boolean): Promise<void>;
}

export type EntryProcessor = (entry: { readonly data: QueueEntry }) => Promise<void>;
export type ConsumerOptions = Omit<WorkerOptions, 'connection'>;

export interface QueueBackend {
  prepare(): Promise<void>;
  producer(): Producer;
  consumer(process: EntryProcessor, options: ConsumerOptions): Consumer;
  /** From now on, lost connections are not reopened. */
  end(): void;
}

/**
 * Commands have a time limit, and fail at once without a connection. Not by @nestjs/bullmq, which waits without a limit
 * for a queue that is away.
 */
export async function queueBackend(
  redisUrl: string | undefined,
  database: Connection,
): Promise<QueueBackend> {
  // A tenth of all code, which is needed only after the service listens.
  const [bullmq, telemetry] = await Promise.all([import('bullmq'), queueTelemetry()]);
  return redisUrl === undefined
    ? onPostgres(bullmq, database, telemetry)
    : onRedis(bullmq, redisUrl, telemetry);
}

type BullMq = typeof import('bullmq');
type Traced = Pick<QueueOptions, 'telemetry'>;

/** BullMQ's own spans, of adding an entry and of processing it. */
async function queueTelemetry(): Promise<Traced> {
  if (!spans.isOn) return {};
  const { BullMQOtel } = await import('bullmq-otel');
  return { telemetry: new BullMQOtel({ tracerName: 'ferrule-queue' }) };
}

function onPostgres(
  { Queue, Worker, createPostgresBackend, runMigrations }: BullMq,
  database: Connection,
  telemetry: Traced,
): QueueBackend {
  // The Client of the configuration is the pool's only; BullMQ opens its LISTEN session with the class of its pg module.
  const guarded: BullMq['createPostgresBackend'] = (...options) => {
    const backend = createPostgresBackend(...options);
    Reflect.set(backend.connection, 'pgModule', { Client: GuardedClient });
    return backend;
  };
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
    prepare: async () => {
      await withClient(database, MIGRATION, (client) => runMigrations(client, SCHEMA));
    },
    producer: () => {
      const options = { ...telemetry, streams: STREAMS, connection: connection(SESSIONS.producer) };
      return new Queue(JOB_QUEUE, options, guarded);
    },
    consumer: (process, options) => {
      const all = { ...options, ...telemetry, connection: connection(SESSIONS.consumer) };
      return new Worker(JOB_QUEUE, (entry) => process(entry), all, guarded);
    },
    end: () => {},
  };
}

/** Its commits wait for the disk, so that a crash of PostgreSQL cannot undo the tables. */
const MIGRATION = { statementLimit: STATEMENT_MS, settings: { synchronous_commit: 'on' } };

function onRedis(
  { Queue, Worker, createRedisBackend }: BullMq,
  url: string,
  telemetry: Traced,
): QueueBackend {
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
    producer: () =>
      new Queue(JOB_QUEUE, { ...telemetry, streams: STREAMS, connection: producer }, createRedisBackend),
    consumer: (process, options) =>
      new Worker(
        JOB_QUEUE,
        (entry) => process(entry),
        { ...options, ...telemetry, connection: consumer },
        createRedisBackend,
      ),
    end: () => {
      hasEnded = true;
    },
  };
}
