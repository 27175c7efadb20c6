import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { CONFIG, type Config } from '../config/config.js';
import { type Holder } from './errors.js';
import { type Lockable, Reservation } from './reservation.js';

/*
 * Every statement here is one round trip and stands by itself. They run on connections that do not wait
 * for the disk: a lock has to outlive this process, and it does; that it outlives the machine is not
 * needed, since its holder does not.
 */

/** Takes the lock when it is free, or when its lease ran out and no job owns it; else changes nothing. */
const ACQUIRE = {
  name: 'reservation-acquire',
  text: `
    insert into reservations as held (node_id, token, fence, holder, purpose, since, expires_at)
    values ($1, $2, 1, $3, $4, now(), now() + $5 * interval '1 second')
    on conflict (node_id) do update
      set token = excluded.token, fence = held.fence + 1, holder = excluded.holder,
          purpose = excluded.purpose, since = excluded.since, expires_at = excluded.expires_at, job_id = null
      where held.token is null or (held.expires_at < now() and held.job_id is null)
    returning fence, (select updated_at from nodes where id = node_id) as node_updated_at`,
};

/** Frees the lock if the token still holds it; the row stays, and with it the fence. */
const RELEASE = {
  name: 'reservation-release',
  text: `
    update reservations
    set token = null, holder = null, purpose = null, since = null, expires_at = null, job_id = null
    where node_id = $1 and token = $2`,
};

/** Renews in one statement all that a process holds, and tells which of it is still held. */
const RENEW = {
  name: 'reservation-renew',
  text: `
    update reservations set expires_at = now() + $2 * interval '1 second'
    where token = any ($1::uuid[])
    returning token`,
};

/** Who holds a node now. */
const HOLDER = {
  name: 'reservation-holder',
  text: `
    select holder, purpose, since, job_id as "jobId",
           greatest(1, ceil(extract(epoch from expires_at - now())))::int as "leaseSeconds"
    from reservations where node_id = $1 and token is not null`,
};

/** The statements about locks; nothing else writes that table. */
@Injectable()
export class ReservationRepository {
  private readonly host: string;
  private readonly lease: number;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) config: Config,
  ) {
    this.host = config.hostname;
    this.lease = config.lease;
  }

  async acquire(node: Lockable, token: string, purpose: string): Promise<Reservation | undefined> {
    const [row] = await this.database.locks.query<{ fence: string; node_updated_at: string | null }>(
      ACQUIRE,
      [node.id, token, this.host, purpose, this.lease],
    );
    return row && new Reservation(node, token, row.fence, row.node_updated_at);
  }

  async release(reservation: Reservation): Promise<void> {
    await this.database.locks.query(RELEASE, [reservation.node.id, reservation.token]);
  }

  /** The tokens that are still held, out of those given. */
  async renew(tokens: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.locks.query<{ token: string }>(RENEW, [tokens, this.lease]);
    return new Set(rows.map((row) => row.token));
  }

  async holder(node: Lockable): Promise<Holder | undefined> {
    const [row] = await this.database.locks.query<Holder>(HOLDER, [node.id]);
    return row;
  }
}
