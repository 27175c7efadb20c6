import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.js';

const REGISTER = {
  name: 'conductor-register',
  text: `
    with forgotten as (delete from conductors where expires_at < now() - interval '1 day')
    insert into conductors (id, hostname, expires_at) values ($1, $2, now() + $3 * interval '1 second')`,
};

/** An expired lease is not renewed, because others may have acted on its end. */
const RENEW = {
  name: 'conductor-renew',
  text: `
    update conductors set expires_at = now() + $2 * interval '1 second'
    where id = $1 and expires_at > now()
    returning id`,
};

const UNREGISTER = {
  name: 'conductor-unregister',
  text: `
    delete from conductors
    where id = $1
      and not exists (select from reservations where conductor_id = $1)
      and not exists (select from jobs where conductor_id = $1 and state = 'running')`,
};

@Injectable()
export class ConductorRepository {
  private readonly lease: number;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) config: Config,
  ) {
    this.lease = config.lease;
  }

  async register(id: string, hostname: string): Promise<void> {
    await this.database.lease.query(REGISTER, [id, hostname, this.lease]);
  }

  async renew(id: string): Promise<boolean> {
    return (await this.database.lease.query(RENEW, [id, this.lease])).length === 1;
  }

  async unregister(id: string): Promise<void> {
    await this.database.hot.query(UNREGISTER, [id]);
  }
}
