import pg from 'pg';

/**
 * A session whose loss does not end the process. pg rejects the query that runs in a session that breaks,
 * and besides emits an event, which is fatal where nobody listens: a pool listens only while the session
 * is idle. What is told twice may be told once to deaf ears.
 */
export class GuardedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => {});
  }
}
