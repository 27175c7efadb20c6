import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Database, type Statement } from '../database/database.js';
import { REGISTER } from '../database/transitions/register.js';
import { unregister } from '../database/transitions/unregister.js';
import { SecretsAtRest } from '../secrets/at-rest/secrets-at-rest.js';
import { DatabaseClock } from './database-clock.js';

/** An expired lease is not renewed, because others may have acted on its end. */
const RENEW = {
  name: 'conductor-renew',
  text: `
    update conductors set expires_at = now() + $2 * interval '1 second'
    where id = $1 and expires_at > now()
    returning extract(epoch from now())::float8 * 1000 as time`,
};

@Injectable()
export class ConductorRepository {
  private readonly lease: number;
  private readonly clock: DatabaseClock;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretsAtRest,
    @Inject(CONFIG) config: Config,
  ) {
    this.lease = config.lease;
    this.clock = new DatabaseClock(config.lease * 1_000);
  }

  get latestDatabaseTime(): number {
    return this.clock.latest;
  }

  async register(id: string, hostname: string): Promise<void> {
    const key = this.secrets.keys.first ?? null;
    await this.timed(REGISTER, [id, hostname, this.lease, this.latestDatabaseTime, key]);
  }

  async renew(id: string): Promise<boolean> {
    return this.timed(RENEW, [id, this.lease]);
  }

  async unregister(id: string): Promise<void> {
    await unregister(this.database.hot, id);
  }

  private async timed(statement: Statement, values: readonly unknown[]): Promise<boolean> {
    const sentAt = performance.now();
    const [row] = await this.database.lease.query<{ time: number }>(statement, values);
    if (row) this.clock.note(sentAt, row.time);
    return row !== undefined;
  }
}
