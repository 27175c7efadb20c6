import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { NotAcceptable } from '../http/errors.js';
import { commaList, mac, parameter, type Since, text, uuid } from '../http/query/parameter.js';
import { isName, type NodeIdent, nodeIdent } from '../nodes/fields/node-name.js';
import { NODE_FIELDS } from '../nodes/fields/node-fields.js';

/** The filters of a list of parts. @param shardSince N of the 1.N that introduced the filter `shard`. */
export function partFilters(many: string, shardSince: Since) {
  const filter = (what: string): string => `Only ${many} ${what}. Without it: all.`;
  return {
    address: parameter(mac().optional(), { since: 1, description: filter('with that MAC address') }),
    node: parameter(text().optional(), {
      since: 1,
      description: filter('of that node, by UUID or name, for example `n1`'),
    }),
    shard: parameter(commaList().optional(), {
      since: shardSince,
      description: filter('of nodes in any of these shards, a comma list, for example `east,west`'),
    }),
    conductor_groups: parameter(commaList().optional(), {
      since: 99,
      description: filter('of nodes in any of these conductor groups, a comma list, for example `rack7`'),
    }),
  };
}

export const NODE_UUID_FILTER = parameter(uuid().optional(), {
  since: 1,
  description: 'The old name of `node`. Without it: all.',
});

export interface PartFilters {
  readonly address?: string | undefined;
  readonly node?: string | undefined;
  readonly node_uuid?: string | undefined;
  readonly shard?: readonly string[] | undefined;
  readonly conductor_groups?: readonly string[] | undefined;
}

/** @throws NotAcceptable (406) for a name below 1.5; BadRequest (400) */
export function filteredNode({ node, node_uuid }: PartFilters, microversion: number): NodeIdent | undefined {
  if (node_uuid !== undefined) return { uuid: node_uuid };
  if (node === undefined) return undefined;
  const { since } = NODE_FIELDS.name;
  const ident = nodeIdent(node, Infinity);
  if (isName(ident) && microversion < since) throw NotAcceptable.before('name', since);
  return ident;
}

/** @param table that of the parts. */
export function partConditions(
  table: string,
  { address, shard, conductor_groups: groups }: PartFilters,
): RawBuilder<SqlBool>[] {
  return [
    ...(address === undefined ? [] : [sql<SqlBool>`${sql.ref(`${table}.address`)} = ${address}`]),
    // List parameters are lower-cased; shards are stored as given.
    ...(shard === undefined ? [] : [sql<SqlBool>`lower(nodes.shard) = any(${shard}::text[])`]),
    ...(groups === undefined ? [] : [sql<SqlBool>`nodes.conductor_group = any(${groups}::text[])`]),
  ];
}
