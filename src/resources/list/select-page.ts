import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Database } from '../../database/database.js';
import { boundedPage } from './bounded-page.js';
import { type Order } from './keyset.js';

export interface PageQuery {
  readonly from: RawBuilder<unknown>;
  /** With `id`. */
  readonly selected: readonly RawBuilder<unknown>[];
  /** Those of the selected columns that may be large. */
  readonly large: readonly string[];
  readonly conditions: readonly RawBuilder<SqlBool>[];
  readonly order: Order;
  readonly limit: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Whether the page may have a successor: it has as many rows as asked for, or they are large. */
  readonly isFull: boolean;
}

export async function selectPage<Row>(
  { kysely }: Pick<Database, 'kysely'>,
  { from, selected, large, conditions, order, limit }: PageQuery,
): Promise<Page<Row>> {
  const columns = [...selected, ...(order.value === undefined ? [] : [sql`${order.value} as sort_value`])];
  const direction = sql.raw(order.direction);
  const by = order.value === undefined ? sql`id ${direction}` : sql`sort_value ${direction}, id ${direction}`;
  const page = sql<Row>`
    select ${sql.join(columns)} from ${from}
    where ${conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)}
    order by ${by} limit ${limit}`;
  if (large.length === 0) {
    const { rows } = await page.execute(kysely);
    return { rows, isFull: rows.length === limit };
  }
  const { rows } = await boundedPage<Row>(page, large, by).execute(kysely);
  return { rows, isFull: rows.length === limit || rows.length < Number(rows[0]?.found ?? 0) };
}
