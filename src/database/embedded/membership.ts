import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Connection } from '../sessions/connection.js';
import { GuardedClient } from '../sessions/guarded-client.js';
import { codeOf, UNIQUE_VIOLATION } from '../faults/error-code.js';
import { withLimit } from '../../waiting/with-limit.js';

const DUPLICATE_DATABASE = '42P04';

/** Shared by all members, exclusive for the one that stops the server. */
const MEMBERS = 4_277_001;
/** Held by the member that is leaving, so that two that leave at once do not miss each other. */
const DOOR = 4_277_002;

/** PostgreSQL notices within this time that the socket of a killed member was closed. */
const NOTICE_MS = 500;
const POLL_MS = 20;
/** Longer than the start of a session takes on a busy machine. */
const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;
const LEAVE_MS = 5_000;

/**
 * A session that holds a shared advisory lock. When the process dies the kernel closes its socket and PostgreSQL
 * releases the lock, so stale process ids cannot mislead anyone.
 */
export class Membership {
  readonly ended: Promise<void>;

  private constructor(private readonly client: GuardedClient) {
    this.ended = new Promise((resolve) => client.once('end', resolve));
  }

  static async take(connection: Connection): Promise<Membership> {
    const client = new GuardedClient({
      ...connection,
      application_name: 'ferrule-member',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: ANSWER_MS,
    });
    const membership = new Membership(client);
    try {
      await client.connect();
      await client.query('select pg_advisory_lock_shared($1)', [MEMBERS]);
      return membership;
    } catch (error) {
      await client.hangUp();
      throw error;
    }
  }

  async createDatabase(name: string): Promise<void> {
    const { rowCount } = await this.client.query('select from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return;
    try {
      await this.client.query(`create database ${pg.escapeIdentifier(name)}`);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  /** The last member first calls `stop`, while no other process can join. */
  async leave(stop: () => Promise<void>): Promise<void> {
    try {
      if (await withLimit(this.isLast(), LEAVE_MS, 'The server did not answer.')) await stop();
    } finally {
      await this.client.hangUp();
    }
  }

  private async isLast(): Promise<boolean> {
    await this.client.query('select pg_advisory_lock($1)', [DOOR]);
    if (await this.isAlone()) return true;
    await this.client.query('select pg_advisory_unlock_shared($1)', [MEMBERS]);
    return false;
  }

  /** Keeps others from joining. Waits for the sessions of members that were just killed. */
  private async isAlone(): Promise<boolean> {
    const deadline = performance.now() + NOTICE_MS;
    for (;;) {
      const { rows } = await this.client.query<{ alone: boolean }>(
        'select pg_try_advisory_lock($1) as alone',
        [MEMBERS],
      );
      if (rows[0]?.alone === true) return true;
      if (performance.now() > deadline) return false;
      await delay(POLL_MS);
    }
  }
}

function isDuplicate(error: unknown): boolean {
  return [DUPLICATE_DATABASE, UNIQUE_VIOLATION].includes(codeOf(error) ?? '');
}
