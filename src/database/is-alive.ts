/**
 * SQL: whether the conductor with that id (an SQL expression) has a lease that has not ended.
 * @param now an SQL expression.
 */
export function isAlive(id: string, now = 'now()'): string {
  return `exists (select from conductors where conductors.id = ${id} and conductors.expires_at > ${now})`;
}

/**
 * SQL: the time, but not later than a value: the latest time, in milliseconds since 1970, that the database's clock can
 * show if it was not set forward.
 *
 * @param latest the value, or a parameter of the statement that has it.
 */
export function nowAtMost(latest: number | `$${number}`): string {
  const value = typeof latest === 'number' ? `'${latest}'` : latest;
  return `least(now(), to_timestamp(${value}::float8 / 1000))`;
}
