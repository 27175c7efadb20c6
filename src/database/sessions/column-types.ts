import pg from 'pg';

const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/;

/** Six digits (`…:50.123400+00:00`), since JavaScript's Date would lose the microseconds. */
export function rfc3339(value: string): string {
  const match = TIMESTAMP.exec(value);
  if (match === null) throw new RangeError(`PostgreSQL sent the time '${value}', which is not in UTC.`);
  const [, day, time, fraction = ''] = match;
  return `${day}T${time}.${fraction.padEnd(6, '0')}+00:00`;
}

export const columnTypes = new pg.TypeOverrides();
columnTypes.setTypeParser(pg.types.builtins.TIMESTAMPTZ, rfc3339);
