import { Duplex } from 'node:stream';
import pg from 'pg';

const END_MS = 1_000;

/**
 * A session whose loss does not end the process. When a session breaks, pg rejects the running query and also
 * emits an `error` event, which is fatal without a listener: the pool listens only while a session is idle, and
 * BullMQ takes its listeners away before the session has ended.
 */
export class GuardedClient extends pg.Client {
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event === 'error' && this.listenerCount('error') === 0) return false;
    return super.emit(event, ...values);
  }

  /** Ends the session. Never rejects; a server that does not confirm the end is not waited for longer than a second. */
  async hangUp(): Promise<void> {
    const connection: unknown = Reflect.get(this, 'connection');
    const stream: unknown = connection instanceof Object ? Reflect.get(connection, 'stream') : undefined;
    const timer = setTimeout(() => {
      if (stream instanceof Duplex) stream.destroy();
    }, END_MS);
    await this.end().catch(() => {});
    clearTimeout(timer);
  }
}
