import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { Complaints } from './complaints.js';
import { type Producer, queueBackend, type QueueBackend } from './queue-backend.js';
import { withLimit } from './with-limit.js';

/** Tried once: what becomes of a job whose entry is lost, the jobs table tells. */
const ENTRY_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** Milliseconds that the queue is waited for, when something is added and when it is asked for. */
const ANSWER_MS = 2_000;
/** The same for its first connection, in which PostgreSQL gets the queue's tables. */
const READY_MS = { redis: 2_000, postgres: 20_000 };
/** Milliseconds between two tries to reach a queue that was not there at the first. */
const REOPEN_MS = 1_000;
const CLOSE_MS = 1_000;

/** The half of the queue that jobs are added to. */
@Injectable()
export class JobQueue implements OnModuleInit, OnApplicationShutdown {
  private readonly complaints = new Complaints(new Logger(JobQueue.name));
  readonly backend: QueueBackend;
  private queue: Producer | undefined;
  private isReady = false;
  private isClosed = false;
  private reopening: NodeJS.Timeout | undefined;
  private readonly errorListeners: (() => void)[] = [];
  private readonly readyLimit: number;

  constructor(
    @Inject(CONFIG) config: Config,
    database: Database,
    private readonly lifecycle: Lifecycle,
  ) {
    this.backend = queueBackend(config.redisUrl, database.connection());
    this.readyLimit = config.redisUrl === undefined ? READY_MS.postgres : READY_MS.redis;
  }

  /** Makes the queue's tables, where it has tables; a queue that is away does not keep the service from starting. */
  async onModuleInit(): Promise<void> {
    await this.open();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.reopening);
    this.backend.end();
    await this.discard();
  }

  /** Called when the connection to the queue complains. */
  onError(listener: () => void): void {
    this.errorListeners.push(listener);
  }

  /**
   * One entry for all ids. Not BullMQ's addBulk: on PostgreSQL it makes two temporary tables at each call and
   * costs fourteen times as much as one entry.
   * @throws when the queue is away; what became of the entry is then unknown.
   */
  async add(ids: readonly string[]): Promise<void> {
    await withLimit(this.opened().add('run', { ids }, ENTRY_OPTIONS), ANSWER_MS, 'The queue did not answer.');
  }

  /** How many entries wait for a conductor. @throws when the queue is away. */
  async depth(): Promise<number> {
    return withLimit(this.opened().getWaitingCount(), ANSWER_MS, 'The queue did not answer.');
  }

  private opened(): Producer {
    if (this.queue && this.isReady) return this.queue;
    throw new Error('There is no connection to the queue.');
  }

  /** BullMQ remembers a first connection that failed for ever: then the queue is made anew. */
  private async open(): Promise<void> {
    try {
      await withLimit(this.backend.prepare(), this.readyLimit, 'The queue does not answer.');
      if (this.isClosed) return;
      const queue = this.backend.producer();
      this.queue = queue;
      queue.on('error', (error) => this.complain(error));
      await withLimit(queue.waitUntilReady(), this.readyLimit, 'The queue does not answer.');
      this.isReady = true;
    } catch (error) {
      this.complain(error);
      await this.discard();
      if (this.isClosed) return;
      this.reopening = setTimeout(() => void this.open(), REOPEN_MS).unref();
    }
  }

  private async discard(): Promise<void> {
    const { queue } = this;
    if (!queue) return;
    this.queue = undefined;
    const isReady = this.isReady;
    this.isReady = false;
    try {
      const closing = isReady ? queue.close() : queue.getBackend().close(true);
      await withLimit(closing, Math.min(CLOSE_MS, this.lifecycle.left.closing), 'It would not close.');
    } catch {
      queue
        .getBackend()
        .close(true)
        .catch(() => {});
    }
  }

  private complain(error: unknown): void {
    this.complaints.add(error);
    for (const listener of this.errorListeners) listener();
  }
}
