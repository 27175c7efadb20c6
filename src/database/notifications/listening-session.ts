import pg from 'pg';
import { type Connection, poolConfig } from '../sessions/connection.js';
import { type GuardedClient } from '../sessions/guarded-client.js';
import { type SessionBudget } from '../sessions/session-budget.js';

/** Milliseconds for a statement; with the rest of it, a connection that is frozen is noticed within ten seconds. */
const ANSWER_MS = 2_000;
const BEAT_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export interface ListeningOptions {
  readonly connection: Connection;
  readonly budget: SessionBudget;
  readonly channels: () => readonly string[];
  readonly onMessage: (channel: string) => void;
  /** Each time that it listens again: messages may have been missed. */
  readonly onListening: () => void;
}

/**
 * A session that gets the notifications of channels. It is opened again, after a pause, as often as it breaks. There is
 * none while the process may have too few.
 */
export class ListeningSession {
  private client: GuardedClient | undefined;
  private timer: NodeJS.Timeout | undefined;
  private pause = FIRST_PAUSE_MS;
  private isClosed = false;

  constructor(private readonly options: ListeningOptions) {
    void this.open();
  }

  /** Listens also on a channel that was added. */
  async listen(channel: string): Promise<void> {
    const { client } = this;
    try {
      await client?.query(`listen ${pg.escapeIdentifier(channel)}`);
      if (client) this.options.onListening();
    } catch {
      this.leave(client);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    const { client } = this;
    this.client = undefined;
    await client?.hangUp();
  }

  private async open(): Promise<void> {
    const { connection, budget, channels, onMessage, onListening } = this.options;
    if (!budget.hasRoomFor(1)) {
      this.openLater();
      return;
    }
    const client = new budget.beside.Client(poolConfig(connection, { max: 1, statementLimit: ANSWER_MS }));
    client.on('error', () => this.leave(client));
    client.on('end', () => this.leave(client));
    client.on('notification', ({ channel }) => onMessage(channel));
    this.client = client;
    try {
      await client.connect();
      await client.query(
        channels()
          .map((channel) => `listen ${pg.escapeIdentifier(channel)}`)
          .join(';'),
      );
      this.pause = FIRST_PAUSE_MS;
      onListening();
      this.beatLater(client);
    } catch {
      this.leave(client);
    }
  }

  /** A connection that died without a word is noticed, since nothing is ever sent on it otherwise. */
  private beatLater(client: GuardedClient): void {
    if (this.client !== client) return;
    this.timer = setTimeout(() => {
      if (!this.options.budget.hasRoomFor(0)) {
        this.leave(client);
        return;
      }
      client.query('select 1').then(
        () => this.beatLater(client),
        () => this.leave(client),
      );
    }, BEAT_MS).unref();
  }

  private leave(client: GuardedClient | undefined): void {
    if (client === undefined || this.client !== client) return;
    this.client = undefined;
    clearTimeout(this.timer);
    void client.hangUp();
    if (!this.isClosed) this.openLater();
  }

  private openLater(): void {
    this.timer = setTimeout(() => void this.open(), this.pause * (0.5 + Math.random())).unref();
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }
}
