import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { type Config } from '../../../config/config.js';
import { type Finding, ok, problem, warning } from '../finding.js';

const MIB = 1024 * 1024;
/** PostgreSQL keeps up to this much of its log, and stops when the disk is full. */
const LEAST_BYTES = 512 * MIB;
const FEW_BYTES = 2_048 * MIB;
const LEAST_FILES = 1_024;
/** To the BMC of each running job. */
const BMC_SOCKETS = 2;
/** Sessions with the database and the queue, logs and modules. */
const OTHER_FILES = 100;

/** @param folder exists. */
export async function checkDisk(folder: string): Promise<Finding[]> {
  const { bavail, bsize, blocks } = await statfs(folder);
  return diskFindings(bavail * bsize, blocks * bsize, folder);
}

export function diskFindings(free: number, size: number, folder: string): Finding[] {
  const text = `${inMib(free)} of ${inMib(size)} are free on the disk of ${folder}.`;
  const advice = 'Free or add space: a full disk stops all changes (503), and backups.';
  if (free < LEAST_BYTES) return [problem(text, advice)];
  return free < FEW_BYTES ? [warning(text, advice)] : [ok(text)];
}

function inMib(bytes: number): string {
  return bytes < 10_240 * MIB ? `${Math.floor(bytes / MIB)} MiB` : `${Math.floor(bytes / MIB / 1_024)} GiB`;
}

/** The limit of this process; that of the service may be another, for example under systemd. */
export function checkOpenFiles(
  { maxConnections, conductorConcurrency }: Pick<Config, 'maxConnections' | 'conductorConcurrency'>,
  limits: string | undefined = readLimits(),
): Finding[] {
  const [, limit] = /^Max open files\s+(\S+)/m.exec(limits ?? '') ?? [];
  if (limit === undefined) return [ok('The limit on open files is unknown on this system.')];
  const text = `A process that is started as this one may have ${limit} open files`;
  const files = limit === 'unlimited' ? Infinity : Number(limit);
  const needed = maxConnections + BMC_SOCKETS * conductorConcurrency + OTHER_FILES;
  if (files >= needed) return [ok(`${text}; ${needed} may be needed.`)];
  const why =
    `${text}, but ${needed} may be needed: FERRULE_MAX_CONNECTIONS (${maxConnections}), ${BMC_SOCKETS} for each of ` +
    `FERRULE_CONDUCTOR_CONCURRENCY (${conductorConcurrency}), and ${OTHER_FILES} for the database and the program.`;
  const advice =
    'Raise it (ulimit -n, or LimitNOFILE= of the systemd unit), or set FERRULE_MAX_CONNECTIONS lower.';
  return files < LEAST_FILES ? [problem(why, advice)] : [warning(why, advice)];
}

function readLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined;
  }
}
