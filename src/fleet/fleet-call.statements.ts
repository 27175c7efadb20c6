import { isAlive } from '../database/is-alive.js';
import { COLUMNS } from './fleet-call-row.js';

/** Nodes that have their turn next, by which a process is found for a fleet call. */
const LOOKED_AT = 1_000;

export const FIND = { name: 'fleet-call-find', text: `select ${COLUMNS} from fleet_calls where id = $1` };

export const LIST = {
  name: 'fleet-call-list',
  text: `
    select ${COLUMNS} from fleet_calls
    where ($1::text is null or state = $1) and ($2::text is null or caller ->> 'name' = $2)
      and ($3::uuid is null or seq < (select seq from fleet_calls where id = $3))
      and ($5::text is null or caller ->> 'id' = $5)
    order by seq desc limit $4`,
};

export const MOVE = {
  name: 'fleet-call-move',
  text: `update fleet_calls set state = $2 where id = $1 and state in ('running', 'paused') returning id`,
};

export const CANCEL = {
  name: 'fleet-call-cancel',
  text: `
    update fleet_calls
    set state = case state when 'cancelled' then state else 'cancelling' end,
        cancel_requested_by = case when state in ('cancelling', 'cancelled') then cancel_requested_by else $2 end
    where id = $1 and state in ('running', 'paused', 'stopping', 'cancelling', 'cancelled') returning id`,
};

export const CANCELLED_BY = {
  name: 'fleet-call-cancelled-by',
  text: 'select cancel_requested_by from fleet_calls where id = $1',
};

export const STOP = {
  name: 'fleet-call-stop',
  text: `
    update fleet_calls set state = 'stopping', reason = $2 where id = $1 and state in ('running', 'paused')`,
};

export const RUN = {
  name: 'fleet-call-run',
  text: `
    with orphans as (
      select id from fleet_calls, lateral (
        select bool_or(nodes.conductor_group = $2 and nodes.driver = any ($3::text[])) as has_served
        from (select node_uuid from fleet_call_nodes
              where fleet_call = fleet_calls.id and state = 'waiting' and state in ('waiting', 'started')
              order by position limit ${LOOKED_AT}) coming
        join nodes on nodes.uuid = coming.node_uuid) served
      where ended_at is null and conductor_id is distinct from $1 and not ${isAlive('fleet_calls.conductor_id')}
        -- What starts no jobs any more is ended by whichever process.
        and (state not in ('running', 'paused') or coalesce(has_served, true))
      for update of fleet_calls skip locked),
    taken as (
      update fleet_calls set conductor_id = $1 from orphans where fleet_calls.id = orphans.id
      returning fleet_calls.id, state)
    select id, state from taken
    union all
    select id, state from fleet_calls where ended_at is null and conductor_id = $1`,
};

export const RELEASE = {
  name: 'fleet-call-release',
  text: `
    update fleet_calls set conductor_id = null
    where ended_at is null and conductor_id = $1 and ($2::uuid is null or id = $2)`,
};

export const READ = {
  name: 'fleet-call-read',
  text: `
    select method, http_method, args, nodes, canary, parallelism, stop_failures, stop_percent, lock_wait, request_id,
           caller, remote_address
    from fleet_calls where id = $1 and ended_at is null and conductor_id = $2`,
};

export const END = {
  name: 'fleet-call-end',
  text: `
    update fleet_calls
    set state = case state when 'stopping' then 'stopped' when 'cancelling' then 'cancelled' else 'finished' end,
        ended_at = now(), args = '{}', conductor_id = null,
        counts = (select json_object_agg(state, count)
                  from (select state, count(*) from fleet_call_nodes where fleet_call = $1 group by state) counted)
    where id = $1 and ended_at is null
      and not exists (select from fleet_call_nodes where fleet_call = $1 and state in ('waiting', 'started'))
    returning state, counts`,
};

export const OPEN = {
  name: 'fleet-call-open',
  text: 'select id from fleet_calls where id = any ($1::uuid[]) and ended_at is null',
};

/** One, since its nodes are deleted with it. */
export const DELETE_ENDED = {
  name: 'fleet-call-delete-ended',
  text: `
    delete from fleet_calls where id = (
      select id from fleet_calls where ended_at < now() - $1 * interval '1 second'
      order by ended_at limit 1 for update skip locked)
    returning id`,
};
