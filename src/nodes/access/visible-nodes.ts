import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Relation, RELATIONS } from '../../auth/policy/defaults/personas.js';

/**
 * SQL: whether a project is in one of the relations to the node of a row of `nodes`.
 * @returns undefined if all nodes are.
 */
export function visibleNodes(
  relations: ReadonlySet<Relation>,
  projectId: string | null,
): RawBuilder<SqlBool> | undefined {
  if (projectId === null) return relations.has('none') ? undefined : sql`false`;
  if (RELATIONS.every((relation) => relations.has(relation))) return undefined;
  const owns = sql<SqlBool>`nodes.owner is not distinct from ${projectId}`;
  const leases = sql<SqlBool>`nodes.lessee is not distinct from ${projectId}`;
  const conditions: Record<Relation, RawBuilder<SqlBool>> = {
    none: sql`(not ${owns} and not ${leases})`,
    owner: sql`(${owns} and not ${leases})`,
    lessee: sql`(not ${owns} and ${leases})`,
    both: sql`(${owns} and ${leases})`,
  };
  const wanted = RELATIONS.filter((relation) => relations.has(relation));
  if (wanted.length === 0) return sql`false`;
  return sql`(${sql.join(
    wanted.map((relation) => conditions[relation]),
    sql` or `,
  )})`;
}
