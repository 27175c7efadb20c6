import { type OnApplicationShutdown } from '@nestjs/common';
import { type Database } from '../database.js';
import { ListeningSession } from './listening-session.js';

/** What happens within this time is told in one statement. */
const COALESCE_MS = 10;
/** The session stays so long after the last subscription. */
const LINGER_MS = 30_000;
/** PostgreSQL takes less than 8,000 bytes. */
const LONGEST_PAYLOAD = 7_999;
/** Of one statement; what is left out only makes subscribers late. */
const MOST_MESSAGES = 1_000;

const NOTIFY = {
  name: 'notify',
  text: 'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as told (channel, payload)',
};

/** Gets the payload of a message; undefined: messages may have been missed, so it must look itself. */
export type Listener = (payload: string | undefined) => void;

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
  private unsent = new Map<string, Set<string>>();
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

  /** After the commit of what happened. Never rejects and does not wait. @param payload a short text. */
  notify(channel: string, payload = ''): void {
    if (Buffer.byteLength(payload) > LONGEST_PAYLOAD)
      throw new RangeError(`Too long a message on ${channel}.`);
    const payloads = this.unsent.get(channel);
    if (payloads) payloads.add(payload);
    else this.unsent.set(channel, new Set([payload]));
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
    const messages = [...this.unsent].flatMap(([channel, payloads]) =>
      [...payloads].map((payload) => ({ channel, payload })),
    );
    this.unsent = new Map();
    if (messages.length === 0) return;
    const sent = messages.slice(0, MOST_MESSAGES);
    await this.database.relaxed
      .query(NOTIFY, [sent.map(({ channel }) => channel), sent.map(({ payload }) => payload)])
      .catch(() => {});
  }

  private openSession(): ListeningSession {
    return new ListeningSession({
      connection: this.database.connection,
      budget: this.database.budget,
      channels: () => [...this.listeners.keys()],
      onMessage: (channel, payload) => {
        for (const listener of this.listeners.get(channel) ?? []) listener(payload);
      },
      onListening: () => {
        for (const listeners of this.listeners.values())
          for (const listener of listeners) listener(undefined);
      },
    });
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
