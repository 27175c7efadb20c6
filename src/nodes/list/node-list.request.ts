import { BadRequest, NotAcceptable } from '../../http/errors.js';
import { listed } from '../../http/listed.js';
import { type ParameterTable, type Query } from '../../http/query/query.js';
import { fieldsAt, isNodeField, nodeField, type NodeFieldName } from '../fields/node-fields.js';
import { NODE_FILTERS } from './node-filters.js';
import { SUMMARY_FIELDS } from '../wire/node.view.js';

const FILTERS = Object.fromEntries(Object.entries(NODE_FILTERS).map(([name, { since }]) => [name, since]));
const PAGING: ParameterTable = { limit: 1, marker: 1, sort_key: 1, sort_dir: 1 };

const FIELDS: ParameterTable = { fields: 8 };

/** In the order of the `next` link. */
export const LIST_PARAMETERS: ParameterTable = {
  ...FILTERS,
  detail: { since: 43, before: 'unexpected' },
  ...FIELDS,
  ...PAGING,
};
export const DETAIL_PARAMETERS: ParameterTable = { ...FILTERS, ...PAGING };

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
  readonly query: Query;
}

/** @throws BadRequest (400), NotAcceptable (406) */
export function readListRequest(
  query: Query,
  parameters: ParameterTable,
  microversion: number,
): NodeListRequest {
  query.check(parameters, microversion);
  return {
    limit: query.limit(Infinity),
    sort: readSort(query, microversion),
    marker: query.uuid('marker'),
    fields: readFields(query, parameters, microversion),
    query,
  };
}

export function repeatedParameters({ query, sort }: NodeListRequest): [string, string][] {
  const repeated = Object.keys(LIST_PARAMETERS).filter((name) => query.has(name) && !(name in PAGING));
  return [
    ['sort_key', sort.key],
    ['sort_dir', sort.direction],
    ...repeated.map((name): [string, string] => [
      name,
      name === 'fields' || name === 'shard' ? (query.list(name) ?? []).join(',') : (query.text(name) ?? ''),
    ]),
  ];
}

/** @throws BadRequest (400), NotAcceptable (406) */
export function readShowFields(query: Query, microversion: number): NodeFieldName[] {
  query.check(FIELDS, microversion);
  const names = query.list('fields');
  if (!names) return fieldsAt(microversion);
  return knownFields(names, microversion, (name) => nodeField(name).isNeverSelected !== true);
}

function readFields(query: Query, parameters: ParameterTable, microversion: number): NodeFieldName[] {
  if (parameters === DETAIL_PARAMETERS) return fieldsAt(microversion);
  const isDetailed = query.boolean('detail') ?? false;
  const names = query.list('fields');
  if (names && isDetailed) {
    throw new BadRequest('detail=True and fields cannot be given in the same request.');
  }
  if (names) return knownFields(names, microversion, () => true);
  if (isDetailed) return fieldsAt(microversion);
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

function readSort(query: Query, microversion: number): Sort {
  const direction = query.text('sort_dir') ?? 'asc';
  if (direction !== 'asc' && direction !== 'desc') {
    throw new BadRequest(`Invalid sort direction '${direction}'. Acceptable values are asc and desc.`);
  }
  const key = query.text('sort_key') ?? 'id';
  if (key === 'id') return { key, direction };
  if (!isNodeField(key) || nodeField(key).unsortable) {
    throw new BadRequest(`The sort_key value "${key}" is an invalid field for sorting`);
  }
  const { since } = nodeField(key);
  if (since > microversion) throw NotAcceptable.before(`sort_key ${key}`, since);
  return { key, direction };
}
