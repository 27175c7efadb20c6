import { setTimeout as delay } from 'node:timers/promises';
import { type Config } from '../../../config/config.js';
import { type Connection } from '../../../database/sessions/connection.js';
import { withClient } from '../../../database/sessions/with-client.js';
import { type Finding, ok, problem, warning } from '../finding.js';

const STATEMENT_MS = 5_000;
const WATCH_MS = 1_000;
/** Milliseconds; slewing by NTP stays far below. */
const JUMP_MS = 100;
const SKEW_MS = 1_000;

/** Whether the clock is set while it is watched, which breaks leases of other programs and hides order in logs. */
export async function checkClock(
  now: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
  wait: (milliseconds: number) => Promise<void> = async (milliseconds) => delay(milliseconds),
): Promise<Finding[]> {
  const offset = () => now() - monotonic();
  const before = offset();
  await wait(WATCH_MS);
  const jump = Math.round(offset() - before);
  if (Math.abs(jump) < JUMP_MS) return [ok('The clock of this machine runs steadily.')];
  return [
    warning(
      `The clock of this machine was set by ${jump} ms within a second.`,
      'Let one time service slew the clock, such as chrony or systemd-timesyncd, and nothing else set it.',
    ),
  ];
}

/** Against the database's, which decides about leases. */
export async function checkSkew(
  { lease }: Pick<Config, 'lease'>,
  connection: Connection,
): Promise<Finding[]> {
  const { earliest, latest } = await withClient(
    connection,
    { statementLimit: STATEMENT_MS },
    async (client) => {
      const before = Date.now();
      const { rows } = await client.query<{ now: number }>(
        'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
      );
      const theirs = rows[0]?.now ?? Number.NaN;
      return { earliest: theirs - Date.now(), latest: theirs - before };
    },
  );
  return skewFindings(earliest, latest, lease);
}

/** @param earliest and `latest`: between them, in milliseconds, the database's clock is ahead of this one. */
export function skewFindings(earliest: number, latest: number, lease: number): Finding[] {
  const skew = earliest > 0 ? earliest : Math.min(latest, 0);
  const text = `The clocks of the database and of this machine differ by ${(Math.abs(skew) / 1_000).toFixed(1)} s`;
  if (Math.abs(skew) < SKEW_MS) return [ok(`${text}.`)];
  const advice = 'Run a time service, such as chrony, on both machines.';
  return Math.abs(skew) < lease * 1_000
    ? [warning(`${text}.`, advice)]
    : [problem(`${text}, more than a lease (FERRULE_LEASE, ${lease} s).`, advice)];
}
