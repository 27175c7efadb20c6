import { type QueueOptions, type WorkerOptions } from 'bullmq';
import { type Database } from '../../database/database.js';
import { FORMER_QUEUE } from './job-queues.js';
import { type Consumer, type Producer, type QueueEntry } from './queue-clients.js';
import { ConsumerGroup, ProducerGroup } from './queue-groups.js';
import { QueuePool, sharedBackends } from './shared-backends.js';
import { spans } from '../../tracing/spans.js';
import { withClient } from '../../database/sessions/with-client.js';

const SCHEMA = 'ferrule_queue';
const SESSIONS = 6;
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

export type EntryProcessor = (entry: { readonly data: QueueEntry }, queue: string) => Promise<void>;
export type ConsumerOptions = Omit<WorkerOptions, 'connection'>;

export type QueueDatabase = Pick<Database, 'connection' | 'budget'>;

export interface QueueBackend {
  prepare(): Promise<void>;
  producer(): Producer;
  consumer(queues: readonly string[], process: EntryProcessor, options: ConsumerOptions): Consumer;
  /** From now on, lost connections are not reopened. */
  end(): void;
}

/**
 * Commands have a time limit, and fail at once without a connection. Not by @nestjs/bullmq, which waits without a limit
 * for a queue that is away.
 */
export async function queueBackend(
  redisUrl: string | undefined,
  database: QueueDatabase,
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

function onPostgres(bullmq: BullMq, database: QueueDatabase, telemetry: Traced): QueueBackend {
  const { Queue, Worker, runMigrations } = bullmq;
  const pool = new QueuePool(database.budget);
  const connection = {
    ...database.connection,
    options: SETTINGS,
    Client: database.budget.Client,
    schema: SCHEMA,
    migrate: false,
    max: SESSIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
  };
  return {
    prepare: async () => {
      await withClient(database.connection, MIGRATION, (client) => runMigrations(client, SCHEMA));
    },
    producer: () => {
      const options = { ...telemetry, streams: STREAMS, connection };
      const shared = sharedBackends(bullmq, database.budget, pool);
      return new ProducerGroup((queue) => new Queue(queue, options, shared), FORMER_QUEUE);
    },
    consumer: (queues, process, options) => {
      const all = { ...options, ...telemetry, connection };
      const shared = sharedBackends(bullmq, database.budget, pool);
      const open = (queue: string) => new Worker(queue, (entry) => process(entry, queue), all, shared);
      return new ConsumerGroup(queues.map(open));
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
    producer: () => {
      const options = { ...telemetry, streams: STREAMS, connection: producer };
      return new ProducerGroup((queue) => new Queue(queue, options, createRedisBackend), FORMER_QUEUE);
    },
    consumer: (queues, process, options) => {
      const all = { ...options, ...telemetry, connection: consumer };
      const open = (queue: string) =>
        new Worker(queue, (entry) => process(entry, queue), all, createRedisBackend);
      return new ConsumerGroup(queues.map(open));
    },
    end: () => {
      hasEnded = true;
    },
  };
}
