import { type Statements } from '../database.js';

const LOCK_DETAILS = {
  name: 'lock-details',
  text: `
    select holder, purpose, held.caller, since, held.job_id as "jobId", conductors.expires_at as "until",
           greatest(1, coalesce(ceil(extract(epoch from conductors.expires_at - now())), 1))::int as "leaseSeconds"
    from reservations held
    left join jobs on jobs.id = held.job_id
    left join conductors on conductors.id = coalesce(held.conductor_id, jobs.conductor_id)
    where held.node_id = $1 and held.token is not null`,
};

export interface LockDetails {
  readonly holder: string;
  readonly purpose: string;
  /** Name of the caller. */
  readonly caller: string | null;
  /** RFC 3339. */
  readonly since: string;
  readonly jobId: string | null;
  /**
   * When the lease of the holder, or of the conductor of its job, ends unless it is renewed; RFC 3339. Null for a job that is
   * queued, which keeps its lock.
   */
  readonly until: string | null;
  /** Until the lease of the holder, or of the conductor of its job, ends. */
  readonly leaseSeconds: number;
}

export async function lockDetails(statements: Statements, nodeId: string): Promise<LockDetails | undefined> {
  const [row] = await statements.query<LockDetails & Record<string, unknown>>(LOCK_DETAILS, [nodeId]);
  return row;
}
