import { type Caller } from '@ferrule/driver-kit';
import { type Statements } from '../database.js';
import { type AuditChoice } from './audited.js';
import { auditedEnds } from './audited-ends.js';
import { isAlive } from '../is-alive.js';

/** With the columns of the node at that moment. */
export interface AdoptedRow<Node> {
  readonly id: string;
  /** Later transitions of the job must name it. */
  readonly adoption: number;
  /** Since the job was accepted. */
  readonly queued_ms: number;
  readonly driver: string;
  readonly conductor_group: string;
  readonly kind: string;
  readonly vendor_interface: string;
  readonly method: string;
  readonly http_method: string;
  readonly request_id: string;
  /** Null for a job that a version without authentication accepted. */
  readonly caller: Caller | null;
  readonly trace: string | null;
  /** A text if they are encrypted. */
  readonly args: Record<string, unknown> | string;
  readonly node_id: string | null;
  readonly node_uuid: string | null;
  readonly token: string | null;
  /** Cancelling was asked for when it was adopted before. */
  readonly is_cancelled: boolean;
  readonly fence: string | null;
  /** Null for a driver-level call, and when the node was deleted. */
  readonly node: Node | null;
}

/** `elsewhere`: it is no longer queued. `lock-gone`: it no longer holds its lock, and was refused. */
export type Adoption<Node> = AdoptedRow<Node> | 'elsewhere' | 'lock-gone';

export interface Adopter {
  /** Lease of the adopting process; it must be alive. */
  readonly id: string;
  readonly hostname: string;
}

/*
 * The lock is read without a row lock: only the job's own transitions change it, and these lock the job first.
 * `state || ''` keeps the planner from using the index of all queued jobs.
 */
const ADOPT = {
  name: 'adopt-jobs',
  text: `
    with wanted as materialized (
      select id, node_id, reservation_token from jobs
      where id = any ($1::uuid[]) and state || '' = 'queued'
        and ${isAlive('$2')}
      order by id for update),
    judged as materialized (
      select wanted.id, held.fence, held.holder,
             wanted.reservation_token is not null and held.fence is null as is_lock_gone
      from wanted left join lateral (
        select fence, holder from reservations
        where node_id = wanted.node_id and token = wanted.reservation_token and job_id = wanted.id offset 0
      ) held on true),
    adopted as (
      update jobs set state = 'running', adoptions = adoptions + 1, conductor = $3, conductor_id = $2, started_at = now()
      from judged where jobs.id = judged.id and not is_lock_gone
      returning jobs.id, adoptions as adoption, (extract(epoch from now() - created_at) * 1000)::float8 as queued_ms, driver, conductor_group, kind, vendor_interface, method, http_method, request_id, caller, trace, args, node_id, node_uuid,
                reservation_token as token, cancel_requested_at is not null as is_cancelled, judged.fence),
    named_otherwise as materialized (
      select held.node_id
      from adopted join judged using (id)
        join reservations held on held.node_id = adopted.node_id and held.token = adopted.token
      where judged.holder <> $3
      order by held.node_id for update of held),
    renamed as (
      update reservations held set holder = $3
      from named_otherwise where held.node_id = named_otherwise.node_id
      returning held.node_id),
    refused as (
      update jobs
      set state = 'refused', args = '{}', finished_at = now(),
          error = json_build_object('code', 'NodeLockLost', 'message', 'The job no longer holds its lock.')
      from judged where jobs.id = judged.id and is_lock_gone
      returning jobs.*, 'NodeLockLost' as error_code),
    ${auditedEnds('refused', '$4::boolean', 'renamed')}
    select judged.id, is_lock_gone, adoption, queued_ms, driver, conductor_group, kind, vendor_interface, method, http_method, request_id, caller, trace,
           args, node_id, node_uuid, token, is_cancelled, adopted.fence,
           (select row_to_json(node) from (
              select nodes.id::text, nodes.uuid, nodes.name, nodes.driver, nodes.vendor_interface, nodes.conductor_group, nodes.driver_info,
                     nodes.driver_internal_info, nodes.properties, nodes.extra, nodes.instance_info,
                     nodes.power_interface, nodes.management_interface, nodes.power_state, nodes.disable_power_off,
                     nodes.last_error_by_passthru, nodes.updated_at, nodes.owner, nodes.lessee
              from nodes where nodes.id = adopted.node_id) node) as node
    from judged left join adopted using (id)
    where (select count(*) from audited) >= 0`,
};

/**
 * Assigns queued jobs to a live process, each at most once. A job that no longer holds its lock is refused, which the
 * audit gets.
 *
 * Jobs are locked in the order of their ids, then reservations in the order of their nodes. The commit must wait for the
 * disk: an adopted job may have reached the hardware, so a crash of PostgreSQL must not queue it again.
 *
 * @returns the outcome of each job, in the order of the ids.
 */
export async function adopt<Node>(
  statements: Statements,
  ids: readonly string[],
  adopter: Adopter,
  { audit }: AuditChoice,
): Promise<Adoption<Node>[]> {
  const rows = await statements.query<AdoptedRow<Node> & { is_lock_gone: boolean }>(ADOPT, [
    ids,
    adopter.id,
    adopter.hostname,
    audit,
  ]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = found.get(id);
    if (!row) return 'elsewhere';
    return row.is_lock_gone ? 'lock-gone' : row;
  });
}
