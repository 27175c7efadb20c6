import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Ownership } from '../../auth/policy/defaults/personas.js';
import { type Database } from '../../database/database.js';

/** What decides about calls of a node. */
export interface SelectedNode extends Ownership {
  readonly uuid: string;
  readonly name: string | null;
  readonly driver: string;
  readonly vendorInterface: string | null;
  readonly conductorGroup: string;
}

/** All nodes for which the conditions hold, in the order of their creation; at most `limit`. */
export async function selectNodes(
  database: Pick<Database, 'kysely'>,
  conditions: readonly RawBuilder<SqlBool>[],
  limit: number,
): Promise<readonly SelectedNode[]> {
  const { rows } = await sql<SelectedNode>`
    select uuid, name, driver, coalesce(instance_info ->> 'vendor_interface', vendor_interface) as "vendorInterface",
           conductor_group as "conductorGroup", owner, lessee
    from nodes where ${conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)}
    order by nodes.id limit ${limit}`.execute(database.kysely);
  return rows;
}
