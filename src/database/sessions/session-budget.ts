import type pg from 'pg';
import { CONNECT_MS } from './connection.js';
import { GuardedClient } from './guarded-client.js';

/** Milliseconds for which a pool may keep a session that another pool waits for. */
const TURN_MS = 50;

/** Milliseconds for a session if there is not one for each pool: as long as a statement of the main pool may take. */
const TIGHT_MS = 10_000;

/** Sessions of the pools: with one, they mostly wait for each other. */
const ENOUGH = 2;

type Connected = (error: Error | null, client?: pg.ClientBase) => void;

export interface Seats {
  readonly Client: new (config?: pg.ClientConfig) => GuardedClient;
  join(pool: pg.Pool): void;
}

/**
 * How many sessions a process may have. The pools that join share what the sessions beside them leave: each gets the same
 * part, and at least one. If the pools are more than the sessions, they take turns, and a session is closed after its turn.
 */
export class SessionBudget implements Seats {
  readonly Client: Seats['Client'];
  /** For sessions that do not wait for others: those of the lease, and those that listen. */
  readonly beside: Seats;
  private readonly openBeside = new Set<pg.ClientBase>();
  private readonly mostByPool = new Map<pg.Pool, number>();
  private readonly since = new WeakMap<pg.ClientBase, number>();
  private readonly waiting: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private used = 0;
  private most = Infinity;

  constructor() {
    const take = (client: Waiting, then: Connected) => this.take(client, then);
    this.Client = class extends GuardedClient {
      override connect(): Promise<pg.Client>;
      override connect(callback: Connected): void;
      override connect(callback?: Connected): Promise<pg.Client> | void {
        if (callback) return take({ client: this, open: (then) => super.connect(then) }, callback);
        return new Promise((resolve, reject) => {
          this.connect((error) => (error ? reject(error) : resolve(this)));
        });
      }
    };
    const count = (client: pg.ClientBase, isOpen: boolean) => this.countBeside(client, isOpen);
    this.beside = {
      // By no listener, since BullMQ removes all of them before the session has ended.
      Client: class extends GuardedClient {
        override emit(event: string | symbol, ...values: unknown[]): boolean {
          if (event === 'connect' || event === 'end') count(this, event === 'connect');
          return super.emit(event, ...values);
        }
      },
      join: () => {},
    };
  }

  join(pool: pg.Pool): void {
    this.mostByPool.set(pool, pool.options.max);
    this.divide();
    pool.on('release', (_, client) => {
      const isClosed = this.used > this.forPools || (this.waiting.length > 0 && this.hadItsTurn(client));
      pool.options.maxUses = isClosed ? 1 : Infinity;
    });
  }

  set limit(sessions: number) {
    this.most = sessions;
    this.divide();
    this.serve();
  }

  /** There is not one session for each pool. */
  get isTight(): boolean {
    return this.forPools < this.mostByPool.size;
  }

  /** @param further sessions beside the pools, which leave enough of them. */
  hasRoomFor(further: number): boolean {
    return this.most - this.openBeside.size - further >= ENOUGH;
  }

  private get forPools(): number {
    return Math.max(1, this.most - this.openBeside.size);
  }

  private countBeside(client: pg.ClientBase, isOpen: boolean): void {
    if (isOpen) this.openBeside.add(client);
    else this.openBeside.delete(client);
    this.divide();
    this.serve();
  }

  private divide(): void {
    for (const pool of this.mostByPool.keys()) if (pool.ending) this.mostByPool.delete(pool);
    const share = Math.max(1, Math.floor(this.forPools / this.mostByPool.size));
    for (const [{ options }, most] of this.mostByPool) {
      options.max = Math.min(most, share);
      options.connectionTimeoutMillis = this.isTight ? TIGHT_MS : CONNECT_MS;
    }
  }

  /** A pool gives up a client that waits for longer than its limit. */
  private take(waiting: Waiting, then: Connected): void {
    const { client } = waiting;
    this.waiting.push(() => {
      if (client.isGivenUp) return;
      this.used++;
      this.since.set(client, performance.now());
      client.once('end', () => {
        this.used--;
        this.serve();
      });
      waiting.open(then);
    });
    this.serve();
  }

  private serve(): void {
    while (this.used < this.forPools) {
      const next = this.waiting.shift();
      if (!next) return;
      next();
    }
    if (this.waiting.length > 0 || this.used > this.forPools)
      this.timer ??= setTimeout(() => this.closeIdle(), TURN_MS).unref();
  }

  private closeIdle(): void {
    this.timer = undefined;
    const idle = [...this.mostByPool.keys()].flatMap((pool) =>
      Array.from({ length: pool.idleCount }, () => pool),
    );
    for (const pool of idle.slice(0, Math.max(1, this.used - this.forPools))) {
      pool.connect().then(
        (session) => session.release(true),
        () => {},
      );
    }
    this.serve();
  }

  private hadItsTurn(client: pg.ClientBase): boolean {
    return performance.now() - (this.since.get(client) ?? 0) > TURN_MS;
  }
}

interface Waiting {
  readonly client: GuardedClient;
  open(then: Connected): void;
}
