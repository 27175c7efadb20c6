/** What a terminal would obey in the names of callers; JSON escapes other control characters itself. */
const shown = (text: string) => String.raw`regexp_replace(${text}, '[\u007f-\u009f]', '?', 'g')`;

/**
 * SQL: a part of a statement, which adds the ends of jobs to the audit. It locks the end of the chain, so `after` must have
 * been executed before: whatever waits for other locks. The statement must refer to it, or it is not executed.
 *
 * @param ended what has the columns of the ended jobs with the new state, and `error_code`.
 * @param isOn whether there is an audit.
 */
export const auditedEnds = (ended: string, isOn: string, after: string) => `
    recorded as (
      select id, 'baremetal:' || case when node_uuid is null then 'driver' else 'node' end || ':vendor_passthru' as action,
             node_uuid, caller, request_id, driver, vendor_interface, method, http_method, state, error_code
      from ${ended}),
    audited as materialized (
      select audit_append(
        array_agg(${shown(`json_strip_nulls(json_build_object(
          'event', 'job', 'action', action, 'request_id', request_id, 'caller', caller ->> 'name',
          'caller_id', caller ->> 'id', 'known_by', caller ->> 'knownBy', 'project_id', caller ->> 'projectId',
          'node', node_uuid, 'driver', driver, 'vendor_interface', vendor_interface, 'method', method,
          'http_method', http_method, 'error', error_code, 'job', id, 'state', state))::text`)} order by id),
        array_agg(action order by id),
        array_agg(node_uuid::text order by id),
        array_agg(${shown(`caller ->> 'name'`)} order by id))
      from recorded
      where ${isOn} and (select count(*) from ${after}) >= 0
      having count(*) > 0)`;
