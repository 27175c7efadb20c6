import { isAlive } from '../conductors/statements.js';
import { adopt, breakLock, free, handOver } from '../reservations/statements.js';

/*
 * The life of a job. Each statement is atomic and one round trip: the job, the lock that it owns and the
 * node's last_error change together or not at all.
 */

/** An async call that holds no lock. */
export const INSERT = {
  name: 'job-insert',
  text: `
    insert into jobs (id, state, driver, vendor_interface, method, http_method, node_id, node_uuid, args, request_id)
    values ($1, 'queued', $2, $3, $4, $5, $6, $7, $8, $9)
    returning id`,
};

/** The same with the hand-over of the request's lock; no row comes back when the lock is gone. */
export const INSERT_WITH_LOCK = {
  name: 'job-insert-with-lock',
  text: `
    with handed as (${handOver({ node: '$6', token: '$10', job: '$1' })})
    insert into jobs (id, state, driver, vendor_interface, method, http_method, node_id, node_uuid, args, request_id,
                      reservation_token)
    select $1::uuid, 'queued', $2, $3, $4, $5, $6::bigint, $7::uuid, $8::json, $9, $10::uuid from handed
    returning id`,
};

/** A conductor takes a queued job; without the lock that it was given none comes back. */
export const ADOPT = {
  name: 'job-adopt',
  text: `
    with wanted as (
           select id, node_id, reservation_token from jobs
           where id = $1 and state = 'queued' and ${isAlive('$2::uuid')} for update),
         lock as (${adopt('wanted', '$3')})
    update jobs
    set state = 'running', conductor = $3, conductor_id = $2, started_at = now()
    from wanted
    where jobs.id = wanted.id and (wanted.reservation_token is null or exists (select from lock))
    returning jobs.*, (select fence from lock) as fence`,
};

/** A queued job that will not run: its lock is freed with it. */
export const REFUSE = {
  name: 'job-refuse',
  text: `
    with refused as (
      update jobs set state = 'refused', error = $2, args = '{}', finished_at = now()
      where id = $1 and state = 'queued'
      returning node_id, reservation_token),
    freed as (${free('refused')})
    select count(*)::int as count from refused`,
};

/** Back into the queue, for another conductor: its method has not begun. */
export const GIVE_BACK = {
  name: 'job-give-back',
  text: `
    update jobs set state = 'queued', conductor = null, conductor_id = null, started_at = null
    where id = $1 and state = 'running' and conductor_id = $2`,
};

export const PROGRESS = {
  name: 'job-progress',
  text: `update jobs set progress = $2 where id = $1 and state = 'running'`,
};

/**
 * How a job ended. A failure becomes the node's last_error, always the newest; a success clears what
 * passthru wrote there. Nothing happens to a job that was taken away in the meantime.
 */
export const FINISH = {
  name: 'job-finish',
  text: `
    with ended as (
      update jobs
      set state = $2, result = $3, error = $4, progress = coalesce($5, progress), args = '{}', conductor_id = null,
          finished_at = now(), has_attachment = $7::text is not null
      where id = $1 and state = 'running'
      returning id, node_id, reservation_token),
    noted as (
      update nodes set last_error = $6, last_error_by_passthru = true, updated_at = now()
      from ended where nodes.id = ended.node_id and $6::text is not null),
    cleared as (
      update nodes set last_error = null, last_error_by_passthru = false, updated_at = now()
      from ended where nodes.id = ended.node_id and $6::text is null and last_error_by_passthru),
    file as (
      insert into job_attachments (job_id, content_type, filename, body)
      select id, $7, $8, $9::bytea from ended where $7::text is not null),
    freed as (${free('ended')})
    select count(*)::int as count from ended`,
};

/** Running jobs whose conductor fell silent: their outcome is unknown, their locks are broken. */
export const GIVE_UP_EXPIRED = {
  name: 'job-give-up-expired',
  text: `
    with lost as (
      update jobs
      set state = 'outcome-unknown', args = '{}', conductor_id = null, finished_at = now(),
          error = json_build_object('code', 'ConductorLost', 'message', $1::text)
      where state = 'running' and not ${isAlive('jobs.conductor_id')}
      returning id, method, node_id, reservation_token),
    noted as (
      update nodes set last_error = 'Async execution of ' || lost.method || ' failed with error: ' || $1::text,
                       last_error_by_passthru = true, updated_at = now()
      from lost where nodes.id = lost.node_id),
    broken as (${breakLock('lost')})
    select id from lost`,
};

/** Jobs that were written some time ago and that no conductor took: their queue entry may be missing. */
export const QUEUED_SINCE = {
  name: 'job-queued-since',
  text: `
    select id from jobs
    where state = 'queued' and created_at < now() - $1 * interval '1 second' order by seq limit 1000`,
};

export const DELETE_OLD = {
  name: 'job-delete-old',
  text: `delete from jobs where finished_at < now() - $1 * interval '1 second'`,
};
