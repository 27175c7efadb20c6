import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { BadRequest } from '../../http/errors.js';
import { type Query } from '../../http/query/query.js';
import { ChassisNotFound } from '../errors.js';
import { type NodeColumn } from '../fields/node-fields.js';
import { isName, nodeIdent } from '../fields/node-name.js';
import { FAULTS, PROVISION_STATES } from '../fields/provision-states.js';

export interface Served {
  readonly hosts: readonly string[];
  readonly drivers: readonly string[];
}

type Condition = RawBuilder<SqlBool>;

interface Filter {
  /** N of the 1.N that introduced it; 1 where Ironic does not check. */
  readonly since: number;
  readonly condition: (query: Query, name: string, served: Served) => Condition;
}

const column = (name: NodeColumn): RawBuilder<unknown> => sql.ref(`nodes.${name}`);
const equals = (name: NodeColumn, since: number): Filter => ({
  since,
  condition: (query, parameter) => sql`${column(name)} = ${query.text(parameter)}`,
});
const isTrue = (name: NodeColumn): Filter => ({
  since: 1,
  condition: (query, parameter) => sql`${column(name)} = ${query.boolean(parameter)}`,
});
const isSet = (name: NodeColumn, since: number): Filter => ({
  since,
  condition: (query, parameter) =>
    query.boolean(parameter) ? sql`${column(name)} is not null` : sql`${column(name)} is null`,
});
const oneOf = (name: NodeColumn, since: number, values: ReadonlySet<string>): Filter => ({
  since,
  condition: (query, parameter) => {
    const value = query.text(parameter) ?? '';
    if (values.has(value)) return sql`${column(name)} = ${value}`;
    throw new BadRequest(`Invalid ${parameter} '${value}'; one of: ${[...values].join(', ')}.`);
  },
});

/**
 * Without statistics, right after a bulk load, PostgreSQL assumes that a plain `is null` matches few rows, and reads
 * and sorts the whole table for one page.
 */
const IS_NO_CHILD = sql<SqlBool>`case when nodes.parent_node is null then true else false end`;

export const NODE_FILTERS: Readonly<Record<string, Filter>> = {
  associated: isSet('instance_uuid', 1),
  maintenance: isTrue('maintenance'),
  retired: isTrue('retired'),
  instance_uuid: { since: 1, condition: (query, name) => sql`nodes.instance_uuid = ${query.uuid(name)}` },
  chassis_uuid: {
    since: 1,
    condition: (query, name) => {
      throw new ChassisNotFound(query.uuid(name) ?? '');
    },
  },
  provision_state: oneOf('provision_state', 9, PROVISION_STATES),
  driver: equals('driver', 16),
  resource_class: equals('resource_class', 21),
  fault: oneOf('fault', 42, FAULTS),
  conductor_group: {
    since: 46,
    condition: (query, name) => sql`nodes.conductor_group = ${query.text(name)?.toLowerCase()}`,
  },
  conductor: {
    since: 49,
    condition: (query, name, { hosts, drivers }) =>
      // The first host serves all nodes; see `conductorOf`.
      query.text(name) === hosts[0]
        ? sql`nodes.driver = any(${drivers}::text[]) and nodes.conductor_group = ''`
        : sql`false`,
  },
  owner: equals('owner', 50),
  description_contains: {
    since: 1,
    condition: (query, name) => sql`nodes.description like ${`%${likeText(query.text(name))}%`}`,
  },
  lessee: equals('lessee', 65),
  project: {
    since: 1,
    condition: (query, name) => sql`${query.text(name)} in (nodes.owner, nodes.lessee)`,
  },
  // List parameters are lower-cased; shards are stored as given.
  shard: {
    since: 82,
    condition: (query, name) => sql`lower(nodes.shard) = any(${query.list(name)}::text[])`,
  },
  sharded: isSet('shard', 82),
  parent_node: {
    since: 83,
    condition: (query, name) => {
      const parent = nodeIdent(query.text(name) ?? '', Infinity);
      return isName(parent)
        ? sql`nodes.parent_node = (select parent.uuid from nodes parent where parent.name = ${parent.name})`
        : sql`nodes.parent_node = ${parent.uuid}`;
    },
  },
  include_children: {
    since: 83,
    condition: (query, name) => (query.boolean(name) || query.has('parent_node') ? sql`true` : IS_NO_CHILD),
  },
  instance_name: equals('instance_name', 104),
};

/** Child nodes are hidden unless they are asked for. */
export function nodeConditions(query: Query, served: Served): Condition[] {
  const conditions = Object.entries(NODE_FILTERS)
    .filter(([name]) => query.has(name))
    .map(([name, { condition }]) => condition(query, name, served));
  if (!query.has('include_children') && !query.has('parent_node')) {
    conditions.push(IS_NO_CHILD);
  }
  return conditions;
}

function likeText(text = ''): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
