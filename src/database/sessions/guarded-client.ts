import pg from 'pg';

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
}
