import { audited } from './audited.js';

/** Control characters that JSON leaves as they are; other records have them as `printable` writes them. */
const escaped = (text: string) => `
        case when ${text} ~ '[\\u007f-\\u009f]' then (
          select string_agg(case when letter ~ '[\\u007f-\\u009f]' then '\\u00' || to_hex(ascii(letter)) else letter end, '' order by place)
          from regexp_split_to_table(${text}, '') with ordinality as letters (letter, place))
        else ${text} end`;

/**
 * SQL: a part of a statement, which adds the ends of jobs to the audit, as {@link audited} does.
 *
 * The action of an operation of another kind is called as the operation itself.
 *
 * @param ended what has the columns of the ended jobs with the new state, and `error_code`.
 * @param isOn whether there is an audit.
 * @param after what must have been executed before.
 */
export const auditedEnds = (ended: string, isOn: string, after: string) => `
    described as (
      select id, case when kind <> 'vendor' then 'baremetal:node:' || method
                      else 'baremetal:' || case when node_uuid is null then 'driver' else 'node' end || ':vendor_passthru' end as action,
             case when kind = 'vendor' then vendor_interface end as vendor_interface,
             node_uuid, caller, request_id, driver, method, http_method, state, error_code
      from ${ended}),
    recorded as materialized (
      select id, action, node_uuid::text as node, caller ->> 'name' as caller, json_strip_nulls(json_build_object(
          'event', 'job', 'action', action, 'request_id', request_id, 'caller', caller ->> 'name',
          'caller_id', caller ->> 'id', 'known_by', caller ->> 'knownBy', 'project_id', caller ->> 'projectId',
          'node', node_uuid, 'driver', driver, 'vendor_interface', vendor_interface, 'method', method,
          'http_method', http_method, 'error', error_code, 'job', id, 'state', state))::text as written
      from described where ${isOn} and (select count(*) from ${after}) >= 0),
    ${audited(`from recorded cross join lateral (select ${escaped('written')} as text) as shown`, 'id')}`;
