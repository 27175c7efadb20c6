/*
 * Parts of statements in which a lock changes together with the job that owns it. They stand here because
 * nothing else writes that table. Each is a body for `with … as (…)`.
 */

/** Moves a request's lock to a job; no row comes back when the token no longer holds the node. */
export function handOver(from: { node: string; token: string; job: string }): string {
  return `
    update reservations
    set purpose = 'job:' || ${from.job}::text, job_id = ${from.job}::uuid, conductor_id = null
    where node_id = ${from.node}::bigint and token = ${from.token}::uuid
    returning fence`;
}

/** Names the conductor that runs the job, and tells the fence; `owner` has node_id, reservation_token and id. */
export function adopt(owner: string, host: string): string {
  return `
    update reservations held set holder = ${host}
    from ${owner} owner
    where held.node_id = owner.node_id and held.token = owner.reservation_token and held.job_id = owner.id
    returning held.fence`;
}

/** Frees the locks of jobs; `owner` has node_id and reservation_token. */
export function free(owner: string): string {
  return `
    update reservations held
    set token = null, holder = null, purpose = null, since = null, conductor_id = null, job_id = null
    from ${owner} owner
    where held.node_id = owner.node_id and held.token = owner.reservation_token`;
}

/** Breaks the locks of jobs whose conductor fell silent: whatever it still tries has an old fence. */
export function breakLock(owner: string): string {
  return `
    update reservations held
    set token = null, fence = held.fence + 1, holder = null, purpose = null, since = null, conductor_id = null,
        job_id = null
    from ${owner} owner
    where held.node_id = owner.node_id and held.token = owner.reservation_token`;
}
