import pg from 'pg';

/**
 * A session whose loss does not end the process. When a session breaks, pg rejects the running query and also
 * emits an `error` event, which is fatal without a listener; the pool listens only while a session is idle. The
 * rejection is enough, so the event is ignored here.
 */
export class GuardedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => {});
  }
}
