import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import pg from 'pg';

const END_MS = 1_000;

/**
 * When a session breaks, pg also emits an `error` event, which ends the process without a listener: the pool listens
 * only while a session is idle, and BullMQ removes its listeners before the session has ended.
 */
export class GuardedClient extends pg.Client {
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event === 'error' && this.listenerCount('error') === 0) return false;
    return super.emit(event, ...values);
  }

  /** Bytes sent and received so far. */
  get transferred(): number {
    const stream = this.stream();
    return stream instanceof Socket ? stream.bytesRead + stream.bytesWritten : 0;
  }

  /** Before it was connected. */
  get isGivenUp(): boolean {
    const stream = this.stream();
    return stream instanceof Duplex && stream.destroyed;
  }

  /** Never rejects, and waits at most a second for the server to confirm. */
  async hangUp(): Promise<void> {
    const stream = this.stream();
    const timer = setTimeout(() => {
      if (stream instanceof Duplex) stream.destroy();
    }, END_MS);
    await this.end().catch(() => {});
    clearTimeout(timer);
  }

  private stream(): unknown {
    const connection: unknown = Reflect.get(this, 'connection');
    return connection instanceof Object ? Reflect.get(connection, 'stream') : undefined;
  }
}
