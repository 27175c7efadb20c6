import { BadRequest, NotAcceptable } from '../../http/errors.js';
import { listed } from '../../text/listed.js';
import { type Query } from '../../http/query/query.js';
import { type AskedQuery, QueryPipe } from '../../http/query/query.pipe.js';
import { fieldsAt, isNodeField, nodeField, type NodeFieldName } from '../fields/node-fields.js';
import { SUMMARY_FIELDS } from '../wire/node.view.js';
import {
  DETAIL_QUERY,
  LIST_QUERY,
  type ListQuery,
  type NodeFilters,
  REPEATED_PARAMETERS,
  SHOW_QUERY,
} from './node-list.query.js';

export interface Sort {
  /** A column, or `id` for the order of creation. */
  readonly key: NodeFieldName | 'id';
  readonly direction: 'asc' | 'desc';
}

export interface NodeListRequest {
  readonly fields: readonly NodeFieldName[];
  /** Infinity when none is given. */
  readonly limit: number;
  readonly sort: Sort;
  readonly marker: string | undefined;
  readonly filters: NodeFilters;
  /** Parameters for the link to the next page, besides its limit and marker. */
  readonly repeated: readonly (readonly [name: string, value: string])[];
}

const LIST = new QueryPipe(LIST_QUERY);
const DETAIL = new QueryPipe(DETAIL_QUERY);
const SHOW = new QueryPipe(SHOW_QUERY);

/** Of `/v1/nodes`. @throws BadRequest (400), NotAcceptable (406) */
export function readListRequest(asked: AskedQuery): NodeListRequest {
  const query = LIST.transform(asked);
  return requestOf(query, listFields(query, asked.microversion), asked);
}

/** Of `/v1/nodes/detail`. @throws BadRequest (400), NotAcceptable (406) */
export function readDetailRequest(asked: AskedQuery): NodeListRequest {
  return requestOf(DETAIL.transform(asked), fieldsAt(asked.microversion), asked);
}

/** The fields that are shown of one node. @throws BadRequest (400), NotAcceptable (406) */
export function readShownFields(asked: AskedQuery): NodeFieldName[] {
  const { fields } = SHOW.transform(asked);
  if (!fields) return fieldsAt(asked.microversion);
  return knownFields(fields, asked.microversion, (name) => nodeField(name).isNeverSelected !== true);
}

function requestOf(
  parsed: Omit<ListQuery, 'detail' | 'fields'>,
  fields: readonly NodeFieldName[],
  { query, microversion }: AskedQuery,
): NodeListRequest {
  const { limit, sort_key, sort_dir, marker, ...filters } = parsed;
  const sort = { key: sortKey(sort_key, microversion), direction: sort_dir };
  return {
    fields,
    limit: limit ?? Infinity,
    sort,
    marker,
    filters,
    repeated: repeatedOf(query, parsed, sort),
  };
}

/** As they were given; comma lists, which may be given in parts, as they were read. */
function repeatedOf(query: Query, parsed: object, sort: Sort): [string, string][] {
  return [
    ['sort_key', sort.key],
    ['sort_dir', sort.direction],
    ...REPEATED_PARAMETERS.flatMap((name): [string, string][] => {
      const values = query.get(name);
      if (!values) return [];
      const list: unknown = Reflect.get(parsed, name);
      return [[name, (Array.isArray(list) ? list : values).join(',')]];
    }),
  ];
}

function listFields({ detail, fields }: ListQuery, microversion: number): NodeFieldName[] {
  if (fields && detail) {
    throw new BadRequest('detail=True and fields cannot be given in the same request.');
  }
  if (fields) return knownFields(fields, microversion, () => true);
  if (detail) return fieldsAt(microversion);
  return SUMMARY_FIELDS.filter((name) => nodeField(name).since <= microversion);
}

function knownFields(
  names: readonly string[],
  microversion: number,
  isAllowed: (name: NodeFieldName) => boolean,
): NodeFieldName[] {
  const fields = names.filter(isNodeField).filter(isAllowed);
  const unknown = names.filter((name) => !fields.some((field) => field === name));
  if (unknown.length > 0) throw new BadRequest(`Field(s) ${listed(unknown)} are not valid.`);
  for (const name of fields) {
    const { since } = nodeField(name);
    if (since > microversion) throw NotAcceptable.before(name, since);
  }
  return fields;
}

function sortKey(key: string, microversion: number): Sort['key'] {
  if (key === 'id') return key;
  if (!isNodeField(key) || nodeField(key).unsortable) {
    throw new BadRequest(`The sort_key value "${key}" is an invalid field for sorting`);
  }
  const { since } = nodeField(key);
  if (since > microversion) throw NotAcceptable.before(`sort_key ${key}`, since);
  return key;
}
