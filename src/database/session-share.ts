import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from './database.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttled } from '../logging/throttled.js';
import { Periodic } from '../waiting/periodic.js';

const INTERVAL_MS = 500;
const COMPLAINT_INTERVAL = 10_000;

/** What the server allows to the user in the database, and the processes that share it. */
const SHARE = {
  name: 'session-share',
  text: `
    select least(
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
          - coalesce(current_setting('reserved_connections', true)::int, 0),
        (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user),
        (select nullif(datconnlimit, -1) from pg_database where datname = current_database())
      ) as allowed,
      (select count(*)::int from conductors where expires_at > now()) as processes`,
};

/** Gives each process the same share of the database's sessions, and leaves one to a process that starts. */
@Injectable()
export class SessionShare implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SessionShare.name);
  private readonly looks: Periodic;

  constructor(private readonly database: Database) {
    const warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
    this.looks = new Periodic(
      () => INTERVAL_MS,
      () => this.look(),
      (error) => warn(`The share of the database's sessions is not known: ${reasonOf(error)}`),
    );
    database.budget.limit = 1;
  }

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.looks.stop();
  }

  private async look(): Promise<void> {
    const [row] = await this.database.query<{ allowed: number; processes: number }>(SHARE, []);
    if (!row) return;
    this.database.budget.limit = Math.floor(row.allowed / (row.processes + 1));
  }
}
