import { type RawBuilder, sql, type SqlBool } from 'kysely';

/** Of the last row of the page before. */
export interface Marker {
  readonly id: string;
  /** By which it is sorted. */
  readonly value: unknown;
}

export interface Order {
  /** The SQL of the value by which rows are sorted; undefined for the order of creation, by `id`. */
  readonly value: RawBuilder<unknown> | undefined;
  readonly id: RawBuilder<unknown>;
  readonly direction: 'asc' | 'desc';
}

/**
 * SQL: whether a row is behind the marker. By keyset and not by offset, so that the last page costs no more than the
 * first. PostgreSQL sorts nulls last in ascending and first in descending order.
 */
export function behind(marker: Marker, { value, id, direction }: Order): RawBuilder<SqlBool> {
  const isUp = direction === 'asc';
  const beyond = sql.raw(isUp ? '>' : '<');
  const laterId = sql<SqlBool>`${id} ${beyond} ${marker.id}`;
  if (value === undefined) return laterId;
  if (marker.value === null) {
    const isLaterNull = sql<SqlBool>`(${value} is null and ${laterId})`;
    return isUp ? isLaterNull : sql`(${isLaterNull} or ${value} is not null)`;
  }
  const isLater = sql<SqlBool>`(${value}, ${id}) ${beyond} (${marker.value}, ${marker.id})`;
  return isUp ? sql`(${isLater} or ${value} is null)` : isLater;
}
