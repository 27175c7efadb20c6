import pg from 'pg';
import { type BackendFactory, type PostgresConnectionOptions, type PostgresQueueBackend } from 'bullmq';
import { type SessionBudget } from '../../database/sessions/session-budget.js';
import { GuardedClient } from '../../database/sessions/guarded-client.js';

type BullMq = typeof import('bullmq');

/** The pool of all backends of a process. The last connection that is closed closes it. */
export class QueuePool {
  private pool: pg.Pool | undefined;
  private users = 0;

  constructor(private readonly budget: SessionBudget) {}

  /** @param own which has no session yet, and is the pool if there is none. */
  enter(own: pg.Pool): pg.Pool {
    this.users++;
    if (!this.pool) {
      this.pool = own;
      this.budget.join(own);
    }
    return this.pool;
  }

  /** @returns whether nobody uses it any more. */
  leave(): boolean {
    if (--this.users > 0) return false;
    this.pool = undefined;
    return true;
  }
}

/**
 * Backends of several queues with one LISTEN session, instead of one for each queue. The last that is closed closes it;
 * BullMQ answers nothing that comes after.
 */
export function sharedBackends(
  { PostgresConnection, PostgresQueueBackend: Backend }: BullMq,
  budget: SessionBudget,
  pool: QueuePool,
): BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> {
  class SharedConnection extends PostgresConnection {
    users = 0;
    private hasLeft = false;

    constructor(options: PostgresConnectionOptions) {
      super(options);
      if (this.pool instanceof pg.Pool) {
        const common = pool.enter(this.pool);
        if (common !== this.pool)
          common.on('error', (error) => this.listenerCount('error') > 0 && this.emit('error', error));
        Reflect.set(this, 'pool', common);
      }
      // The Client of the options is the pool's only; BullMQ opens its LISTEN session with the class of its pg module.
      Reflect.set(this, 'pgModule', { Client: budget.beside.Client });
      this.setMaxListeners(0);
    }

    override async getListenClient() {
      const client = await super.getListenClient();
      if (client instanceof GuardedClient && client.getMaxListeners() !== 0) inTurn(client);
      return client;
    }

    override async close(): Promise<void> {
      if (--this.users <= 0) await this.end();
    }

    override async disconnect(): Promise<void> {
      this.users = 0;
      await this.end();
    }

    private async end(): Promise<void> {
      if (!this.hasLeft) Reflect.set(this, 'ownsPool', pool.leave());
      this.hasLeft = true;
      await super.close();
    }
  }

  let shared: SharedConnection | undefined;
  return (queue, options, { withBlockingConnection = false } = {}) => {
    shared ??= new SharedConnection(options.connection);
    shared.users++;
    return new Backend(shared, queue, options, true, withBlockingConnection ? 'ferrule-jobs' : undefined);
  };
}

/** Each backend sends its own LISTEN; a client of pg takes one statement at a time. */
function inTurn(client: GuardedClient): void {
  client.setMaxListeners(0);
  const sent: unknown = Reflect.get(client, 'query');
  if (typeof sent !== 'function') return;
  const query = (text: string, values?: unknown[]): Promise<unknown> =>
    Promise.resolve(Reflect.apply(sent, client, [text, values]));
  let last: Promise<unknown> = Promise.resolve();
  Reflect.set(client, 'query', (text: string, values?: unknown[]) => {
    const answer = last.then(() => query(text, values));
    last = answer.catch(() => {});
    return answer;
  });
}
