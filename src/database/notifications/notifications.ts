import { type OnApplicationShutdown } from '@nestjs/common';
import { type Database } from '../database.js';
import { ListeningSession } from './listening-session.js';

/** What happens within this time is told in one statement. */
const COALESCE_MS = 10;
/** The session stays so long after the last subscription. */
const LINGER_MS = 30_000;

const NOTIFY = {
  name: 'notify',
  text: `select pg_notify(channel, '') from unnest($1::text[]) as told (channel)`,
};

/** Reads what has happened from the database. It is also called when messages may have been missed. */
export type Listener = () => void;

/**
 * Tells the processes of a database, this one included, that something happened. A message may be lost, so subscribers
 * also look themselves every now and then: what is lost only makes them late. One session listens in each process, and
 * only while there is a subscriber.
 *
 * PostgreSQL lets transactions that notify commit one after the other, so that none of the transitions does it: messages
 * are sent after their commit, in a statement of their own.
 */
export class Notifications implements OnApplicationShutdown {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly unsent = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private session: ListeningSession | undefined;
  private lingering: NodeJS.Timeout | undefined;

  constructor(private readonly database: Pick<Database, 'relaxed' | 'connection' | 'budget'>) {}

  /** @returns ends the subscription. */
  subscribe(channel: string, listener: Listener): () => void {
    const known = this.listeners.get(channel);
    if (known) known.add(listener);
    else this.listeners.set(channel, new Set([listener]));
    clearTimeout(this.lingering);
    if (!this.session) this.session = this.openSession();
    else if (!known) void this.session.listen(channel);
    return () => {
      this.listeners.get(channel)?.delete(listener);
      if ([...this.listeners.values()].every(({ size }) => size === 0)) this.closeLater();
    };
  }

  /** After the commit of what happened. Never rejects and does not wait. */
  notify(channel: string): void {
    this.unsent.add(channel);
    this.timer ??= setTimeout(() => void this.send(), COALESCE_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    clearTimeout(this.lingering);
    await Promise.all([this.send(), this.session?.close()]);
    this.session = undefined;
  }

  private async send(): Promise<void> {
    this.timer = undefined;
    const channels = [...this.unsent];
    this.unsent.clear();
    if (channels.length > 0) await this.database.relaxed.query(NOTIFY, [channels]).catch(() => {});
  }

  private openSession(): ListeningSession {
    return new ListeningSession({
      connection: this.database.connection,
      budget: this.database.budget,
      channels: () => [...this.listeners.keys()],
      onMessage: (channel) => this.tell(this.listeners.get(channel) ?? []),
      onListening: () => {
        for (const listeners of this.listeners.values()) this.tell(listeners);
      },
    });
  }

  private tell(listeners: Iterable<Listener>): void {
    for (const listener of listeners) listener();
  }

  private closeLater(): void {
    clearTimeout(this.lingering);
    this.lingering = setTimeout(() => {
      const { session } = this;
      this.session = undefined;
      this.listeners.clear();
      void session?.close();
    }, LINGER_MS).unref();
  }
}
