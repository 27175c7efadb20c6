import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { FORMER_QUEUE } from './job-queues.js';
import { queueBackend, type QueueBackend, type QueueDatabase } from './queue-backend.js';
import { type Producer } from './queue-clients.js';
import { QueueConnection } from './queue-connection.js';
import { withLimit } from '../../waiting/with-limit.js';

/** No retries: the jobs table shows which jobs lost their entries. */
const ENTRY_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true };

const ANSWER_MS = { redis: 1_000, postgres: 2_000 };
/** Without an answer for so long, the queue is probed. A PostgreSQL is in use all the time. */
const QUIET_MS = { redis: 1_000, postgres: 5_000 };
/** The same for the first connection, which creates the queue's tables on PostgreSQL. */
const READY_MS = { redis: 2_000, postgres: 20_000 };

@Injectable()
export class JobQueue implements OnApplicationShutdown {
  private loaded: Promise<QueueBackend> | undefined;
  private firstOpening: Promise<void> | undefined;
  private readonly connection: QueueConnection<Producer>;
  private readonly troubleListeners: (() => void)[] = [];
  private readonly kind: 'redis' | 'postgres';

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'redisUrl'>,
    @Inject(Database) private readonly database: QueueDatabase,
    lifecycle: Lifecycle,
  ) {
    this.kind = config.redisUrl === undefined ? 'postgres' : 'redis';
    this.connection = new QueueConnection({
      name: JobQueue.name,
      create: () => this.create(),
      limit: READY_MS[this.kind],
      onTrouble: () => this.alarm(),
      lifecycle,
    });
    lifecycle.onServing(() => {
      this.firstOpening = this.connection.open();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const closed = this.connection.close();
    const backend = await this.loaded?.catch(() => undefined);
    backend?.end();
    await closed;
  }

  /** Once the queue was opened, or the first attempt failed. */
  async backend(): Promise<QueueBackend> {
    await this.firstOpening;
    return this.load();
  }

  private load(): Promise<QueueBackend> {
    return (this.loaded ??= queueBackend(this.config.redisUrl, this.database));
  }

  get quiet(): number {
    return QUIET_MS[this.kind];
  }

  onTrouble(listener: () => void): void {
    this.troubleListeners.push(listener);
  }

  /**
   * One entry for all ids: BullMQ's addBulk creates two temporary tables per call on PostgreSQL and costs fourteen times
   * as much.
   * @throws if the queue does not answer; the entry may have been added nevertheless.
   */
  async add(queue: string, ids: readonly string[]): Promise<void> {
    const producer = await this.opened();
    await this.inTime(producer.add(queue, { ids }, ENTRY_OPTIONS));
  }

  /** Entries that wait. */
  async depth(queue = FORMER_QUEUE, stop?: AbortSignal): Promise<number> {
    const producer = await this.opened(stop);
    return this.inTime(producer.waiting(queue), stop);
  }

  private inTime<T>(answer: Promise<T>, stop?: AbortSignal): Promise<T> {
    return withLimit(answer, ANSWER_MS[this.kind], 'The queue did not answer.', stop);
  }

  private async opened(stop?: AbortSignal): Promise<Producer> {
    // BullMQ is imported first: on a busy machine that takes longer than the queue may take to answer.
    await this.load();
    const opening = Promise.resolve(this.firstOpening);
    await withLimit(opening, READY_MS[this.kind], 'The queue does not answer.', stop);
    const queue = this.connection.ready;
    if (!queue) throw new Error('There is no connection to the queue.');
    return queue;
  }

  private async create(): Promise<Producer | undefined> {
    const backend = await this.load();
    await withLimit(backend.prepare(), READY_MS[this.kind], 'The queue does not answer.');
    if (this.connection.isClosed) return undefined;
    const queue = backend.producer();
    queue.onConnectionLost(() => this.alarm());
    return queue;
  }

  private alarm(): void {
    for (const listener of this.troubleListeners) listener();
  }
}
