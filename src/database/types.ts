import pg from 'pg';

const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/;

/**
 * RFC 3339 in UTC, always with six digits: `2026-11-22T16:52:50.123400+00:00`. JavaScript's Date would
 * cut the microseconds that make two rows differ.
 */
export function rfc3339(value: string): string {
  const match = TIMESTAMP.exec(value);
  if (match === null) throw new RangeError(`PostgreSQL sent the time '${value}', which is not in UTC.`);
  const [, day, time, fraction = ''] = match;
  return `${day}T${time}.${fraction.padEnd(6, '0')}+00:00`;
}

/** How columns are read: bigint as text (pg's own way), timestamptz as RFC 3339 text, json parsed. */
export const columnTypes = new pg.TypeOverrides();
columnTypes.setTypeParser(pg.types.builtins.TIMESTAMPTZ, rfc3339);
