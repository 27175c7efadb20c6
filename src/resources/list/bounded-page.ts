import { type RawBuilder, sql } from 'kysely';

/** A page ends with the row whose large columns exceed it: in bytes of text, and in bytes as PostgreSQL stores them. */
const PAGE_BYTES = 8_000_000;

/**
 * The rows of `page` until their large columns exceed the size of a page; at least one row. The stored size is compared
 * first, since it is known without decompressing the value.
 *
 * @param page a `select` with the columns in the given order.
 * @param order of the rows, by names of columns of `page`.
 * @returns the rows with a column `found`, the number of rows of `page`.
 */
export function boundedPage<Row>(
  page: RawBuilder<unknown>,
  large: readonly string[],
  order: RawBuilder<unknown>,
): RawBuilder<Row & { readonly found: string }> {
  const sum = (measure: (column: RawBuilder<unknown>) => RawBuilder<unknown>): RawBuilder<unknown> => {
    const sizes = large.map((name) => sql`coalesce(${measure(sql.ref(name))}, 0)`);
    return sql`coalesce(sum(${sql.join(sizes, sql` + `)}) over earlier, 0)`;
  };
  const earlier = sql`window earlier as (order by ${order} rows between unbounded preceding and 1 preceding)`;
  return sql`
    with page as (${page}),
    stored as (
      select *, count(*) over () as found, ${sum((column) => sql`pg_column_size(${column})`)} as stored_before
      from page ${earlier}),
    written as (
      select *, ${sum((column) => sql`octet_length(${column}::text)`)} as written_before
      from stored where stored_before <= ${PAGE_BYTES} ${earlier})
    select * from written where written_before <= ${PAGE_BYTES} order by ${order}`;
}
