import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { type ServedSet } from '../../conductors/roster/roster.js';
import { type NodeColumn } from '../fields/node-fields.js';
import { isName, nodeIdent } from '../fields/node-name.js';
import { type NodeFilterName, type NodeFilters } from './node-list.query.js';

type Condition = RawBuilder<SqlBool>;

type FilterValues = Required<{ [K in NodeFilterName]: NonNullable<NodeFilters[K]> }>;

const column = (name: NodeColumn): RawBuilder<unknown> => sql.ref(`nodes.${name}`);
const equals = (name: NodeColumn) => (value: string | boolean) => sql<SqlBool>`${column(name)} = ${value}`;
const isSet = (name: NodeColumn) => (value: boolean) =>
  value ? sql<SqlBool>`${column(name)} is not null` : sql<SqlBool>`${column(name)} is null`;

/**
 * Without statistics, right after a bulk load, PostgreSQL assumes that a plain `is null` matches few rows, and reads
 * and sorts the whole table for one page.
 */
const IS_NO_CHILD = sql<SqlBool>`case when nodes.parent_node is null then true else false end`;

const CONDITIONS: {
  readonly [K in NodeFilterName]: (value: FilterValues[K], served: readonly ServedSet[]) => Condition;
} = {
  associated: isSet('instance_uuid'),
  maintenance: equals('maintenance'),
  retired: equals('retired'),
  instance_uuid: equals('instance_uuid'),
  chassis_uuid: equals('chassis_uuid'),
  provision_state: equals('provision_state'),
  driver: equals('driver'),
  resource_class: equals('resource_class'),
  fault: equals('fault'),
  conductor_group: (group) => sql`nodes.conductor_group = ${group.toLowerCase()}`,
  conductor: (host, served) => {
    const mapped = served.filter(({ hosts }) => hosts.includes(host)).map((each) => mappedTo(host, each));
    return mapped.length === 0 ? sql`false` : sql`(${sql.join(mapped, sql` or `)})`;
  },
  owner: equals('owner'),
  description_contains: (text) => sql`nodes.description like ${`%${likeText(text)}%`}`,
  lessee: equals('lessee'),
  project: (project) => sql`${project} in (nodes.owner, nodes.lessee)`,
  // List parameters are lower-cased; shards are stored as given.
  shard: (shards) => sql`lower(nodes.shard) = any(${shards}::text[])`,
  sharded: isSet('shard'),
  parent_node: (text) => {
    const parent = nodeIdent(text, Infinity);
    return isName(parent)
      ? sql`nodes.parent_node = (select parent.uuid from nodes parent where parent.name = ${parent.name})`
      : sql`nodes.parent_node = ${parent.uuid}`;
  },
  include_children: (isIncluded) => (isIncluded ? sql`true` : IS_NO_CHILD),
  instance_name: equals('instance_name'),
};
const NAMES = Object.keys(CONDITIONS) as NodeFilterName[];

/** Child nodes are hidden unless they are asked for. */
export function nodeConditions(asked: NodeFilters, served: readonly ServedSet[]): Condition[] {
  const includesChildren = asked.include_children || asked.parent_node !== undefined;
  const filters = { ...asked, include_children: includesChildren };
  return NAMES.flatMap((name) => conditionOf(name, filters, served));
}

function conditionOf<K extends NodeFilterName>(
  name: K,
  asked: { readonly [N in NodeFilterName]?: FilterValues[N] | undefined },
  served: readonly ServedSet[],
): Condition[] {
  const value = asked[name];
  return value === undefined ? [] : [CONDITIONS[name](value, served)];
}

/** As `chosenHost` chooses. */
function mappedTo(host: string, { driver, group, hosts }: ServedSet): Condition {
  const own = sql`nodes.driver = ${driver} and nodes.conductor_group = ${group}`;
  const others = hosts.filter((each) => each !== host);
  if (others.length === 0) return sql`(${own})`;
  const weight = (name: RawBuilder<unknown>) => sql`sha256(convert_to(${name} || '/' || nodes.uuid, 'UTF8'))`;
  const rivals = sql`select ${weight(sql`rival`)} from unnest(${others}::text[]) rival`;
  return sql`(${own} and ${weight(sql`${host}::text`)} > all (${rivals}))`;
}

function likeText(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
