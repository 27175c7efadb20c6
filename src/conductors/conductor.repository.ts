import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Database, type Statement } from '../database/database.js';
import { REGISTER } from '../database/transitions/register.js';
import { unregister } from '../database/transitions/unregister.js';
import { SecretsAtRest } from '../secrets/at-rest/secrets-at-rest.js';
import { PROCESS, type ProcessDescription } from './process-description.js';
import { DatabaseClock } from './database-clock.js';

/** An expired lease is not renewed, because others may have acted on its end. */
const RENEW = {
  name: 'conductor-renew',
  text: `
    update conductors set expires_at = now() + $2 * interval '1 second', address = $3, is_leaving = $4
    where id = $1 and expires_at > now()
    returning extract(epoch from now())::float8 * 1000 as time`,
};

/** Where and whether a process takes work of others. */
export interface Announcement {
  readonly address: string | null;
  readonly takesWork: boolean;
}

@Injectable()
export class ConductorRepository {
  private readonly lease: number;
  private readonly clock: DatabaseClock;

  constructor(
    private readonly database: Database,
    private readonly secrets: SecretsAtRest,
    @Inject(PROCESS) private readonly own: ProcessDescription,
    @Inject(CONFIG) config: Config,
  ) {
    this.lease = config.lease;
    this.clock = new DatabaseClock(config.lease * 1_000);
  }

  get latestDatabaseTime(): number {
    return this.clock.latest;
  }

  async register(id: string, { address, takesWork }: Announcement): Promise<void> {
    const { hostname, role, group, version, drivers } = this.own;
    const key = this.secrets.keys.first ?? null;
    await this.timed(REGISTER, [
      id,
      hostname,
      this.lease,
      this.latestDatabaseTime,
      key,
      role,
      group,
      version,
      address,
      JSON.stringify(drivers),
      !takesWork,
    ]);
  }

  async renew(id: string, { address, takesWork }: Announcement): Promise<boolean> {
    return this.timed(RENEW, [id, this.lease, address, !takesWork]);
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
