import { Injectable } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { type Life } from '../conductors/lease-keeper.js';
import { isAlive } from '../conductors/statements.js';
import { Database } from '../database/database.js';
import { type Holder } from './errors.js';
import { type Lockable, Reservation } from './reservation.js';

/** Takes the lock when it is free, or when no job has it and its conductor is dead; else changes nothing. */
const ACQUIRE = {
  name: 'reservation-acquire',
  text: `
    insert into reservations as held (node_id, token, fence, holder, purpose, since, conductor_id)
    select $1::bigint, $2::uuid, 1, $3, $4, now(), $5::uuid where ${isAlive('$5::uuid')}
    on conflict (node_id) do update
      set token = excluded.token, fence = held.fence + 1, holder = excluded.holder,
          purpose = excluded.purpose, since = excluded.since, conductor_id = excluded.conductor_id, job_id = null
      where held.token is null or (held.job_id is null and not ${isAlive('held.conductor_id')})
    returning fence, node_updated_at(node_id) as node_updated_at`,
};

/** Frees the lock if the token still holds it; the row stays, and with it the fence. */
const RELEASE = {
  name: 'reservation-release',
  text: `
    update reservations
    set token = null, holder = null, purpose = null, since = null, conductor_id = null, job_id = null
    where node_id = $1 and token = $2`,
};

/** Who holds a node now. */
const HOLDER = {
  name: 'reservation-holder',
  text: `
    select holder, purpose, since, held.job_id as "jobId",
           greatest(1, coalesce(ceil(extract(epoch from conductors.expires_at - now())), 1))::int as "leaseSeconds"
    from reservations held
    left join jobs on jobs.id = held.job_id
    left join conductors on conductors.id = coalesce(held.conductor_id, jobs.conductor_id)
    where held.node_id = $1 and held.token is not null`,
};

/** The statements about locks; nothing else writes that table. */
@Injectable()
export class ReservationRepository {
  constructor(
    private readonly database: Database,
    private readonly conductor: Conductor,
  ) {}

  async acquire(
    node: Lockable,
    token: string,
    purpose: string,
    life: Life,
  ): Promise<Reservation | undefined> {
    const [row] = await this.database.hot.query<{ fence: string; node_updated_at: string | null }>(ACQUIRE, [
      node.id,
      token,
      this.conductor.hostname,
      purpose,
      life.id,
    ]);
    return row && new Reservation(node, token, row.fence, row.node_updated_at);
  }

  async release(reservation: Reservation): Promise<void> {
    await this.database.relaxed.query(RELEASE, [reservation.node.id, reservation.token]);
  }

  async holder(node: Lockable): Promise<Holder | undefined> {
    const [row] = await this.database.hot.query<Holder>(HOLDER, [node.id]);
    return row;
  }
}
