import { type Statements } from '../database.js';
import { FREE_LOCK } from '../free-lock.js';
import { keepLines } from '../progress-lines.js';
import { type AuditChoice } from './audited.js';
import { auditedEnds } from './audited-ends.js';

export interface EndingRow {
  readonly id: string;
  readonly adoption: number;
  readonly state: 'succeeded' | 'failed' | 'cancelled' | 'timed-out' | 'refused' | 'outcome-unknown';
  /** JSON text. */
  readonly result: string | null;
  /** JSON text. */
  readonly error: string | null;
  /** For the audit. */
  readonly error_code: string | null;
  /** JSON text; null keeps the stored one. */
  readonly progress: string | null;
  /** For `keepLines`. */
  readonly lines?: string | undefined;
  /** `clear` removes the node's `last_error` only if a passthru method wrote it. */
  readonly node_error: 'note' | 'clear' | 'leave';
  readonly last_error: string | null;
  /** That the node has from now on; undefined leaves it. */
  readonly power_state?: string | undefined;
}

export interface AttachmentRow {
  readonly job_id: string;
  readonly content_type: string;
  readonly filename: string | null;
  readonly body: Buffer;
}

/*
 * The array and `state || ''` keep the planner from scanning all jobs. The count of `owned` has the reservations locked
 * before the nodes. "No key" lets jobs of the same nodes be inserted meanwhile.
 */
function finishText(lines: string): string {
  return `
    with asked as materialized (
      select * from json_to_recordset($1) as asked (
        id uuid, adoption int, state text, result text, error text, error_code text, progress text, node_error text, last_error text, power_state text, lines text)),
    file as materialized (
      select * from unnest($2::uuid[], $3::text[], $4::text[], $5::bytea[]) as file (job_id, content_type, filename, body)),
    locked as materialized (
      select id from jobs
      where id = any (array(select id from asked)) and state || '' = 'running'
      order by id for update),
    ended as (
      update jobs
      set state = asked.state, result = coalesce(asked.result, $6::text)::json, error = asked.error::json, args = '{}',
          progress = coalesce(asked.progress::json, jobs.progress), finished_at = now(),
          has_attachment = asked.id in (select job_id from file)
      from asked
      where jobs.id = any (array(select id from locked)) and jobs.id = asked.id and jobs.state || '' = 'running'
        and jobs.adoptions = asked.adoption
      returning jobs.id, jobs.node_id, jobs.reservation_token, asked.node_error, asked.last_error, asked.power_state, jobs.node_uuid,
                jobs.caller, jobs.request_id, jobs.driver, jobs.kind, jobs.vendor_interface, jobs.method, jobs.http_method,
                jobs.state, asked.error_code, asked.adoption, asked.lines),${lines}
    stored as (
      insert into job_attachments (job_id, content_type, filename, body)
      select job_id, content_type, filename, coalesce(body, $7::bytea) from file where job_id in (select id from ended)),
    owned as materialized (
      select held.node_id
      from ended join reservations held on held.node_id = ended.node_id and held.token = ended.reservation_token
      order by held.node_id for update of held),
    freed as (
      update reservations held
      set ${FREE_LOCK}
      from owned where held.node_id = owned.node_id),
    touched as materialized (
      select nodes.id, ended.last_error, ended.power_state,
             ended.node_error = 'note' or (ended.node_error = 'clear' and nodes.last_error_by_passthru) as has_error
      from ended join nodes on nodes.id = ended.node_id
      where (select count(*) from owned) >= 0
        and (ended.node_error = 'note' or (ended.node_error = 'clear' and nodes.last_error_by_passthru)
             or ended.power_state is not null)
      order by nodes.id for no key update of nodes),
    noted as (
      update nodes
      set last_error = case when has_error then touched.last_error else nodes.last_error end,
          last_error_by_passthru = case when has_error then touched.last_error is not null else last_error_by_passthru end,
          power_state = coalesce(touched.power_state, nodes.power_state), updated_at = now()
      from touched where nodes.id = touched.id
      returning nodes.id),
    ${auditedEnds('ended', '$8::boolean', 'noted')}
    select id from ended where (select count(*) from audited) >= 0`;
}

const FINISH = { name: 'finish-jobs', text: finishText('') };
const FINISH_WITH_LINES = {
  name: 'finish-jobs-lines',
  text: finishText(`
    kept as (${keepLines('ended')}),`),
};

/**
 * Records result, attachment, the last progress, the node's `last_error`, the release of the lock and the end in the
 * audit together or not at all. A job that ended, or was adopted again, is not changed. Two jobs in one call must not
 * belong to the same node.
 *
 * The result and the file of a single job are sent as bytes: encoding large ones as JSON and as hexadecimal text would
 * block the service.
 *
 * Jobs are locked first, in the order of their ids, then reservations and then nodes, in the order of the nodes' ids, and
 * last the chain of the audit.
 *
 * @returns for each ending whether it was recorded, in the same order.
 */
export async function finish(
  statements: Statements,
  endings: readonly EndingRow[],
  attachments: readonly AttachmentRow[],
  { audit }: AuditChoice,
): Promise<boolean[]> {
  const { result = null } = endings.length === 1 ? (endings[0] ?? {}) : {};
  const { body = null } = attachments.length === 1 ? (attachments[0] ?? {}) : {};
  const statement = endings.some(({ lines }) => lines !== undefined) ? FINISH_WITH_LINES : FINISH;
  const rows = await statements.query<{ id: string }>(statement, [
    JSON.stringify(result === null ? endings : endings.map((ending) => ({ ...ending, result: null }))),
    attachments.map(({ job_id }) => job_id),
    attachments.map(({ content_type }) => content_type),
    attachments.map(({ filename }) => filename),
    attachments.map((attachment) => (body === null ? attachment.body : null)),
    result === null ? null : Buffer.from(result),
    body,
    audit,
  ]);
  const recorded = new Set(rows.map(({ id }) => id));
  return endings.map(({ id }) => recorded.has(id));
}
