import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { type Finding, ok, problem, warning } from '../finding.js';

const MIB = 1024 * 1024;
/** PostgreSQL keeps up to this much of its log, and stops when the disk is full. */
const LEAST_BYTES = 512 * MIB;
const FEW_BYTES = 2_048 * MIB;
const FEW_FILES = 4_096;
const LEAST_FILES = 1_024;

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
export function checkOpenFiles(limits: string | undefined = readLimits()): Finding[] {
  const [, limit] = /^Max open files\s+(\S+)/m.exec(limits ?? '') ?? [];
  if (limit === undefined) return [ok('The limit on open files is unknown on this system.')];
  const text = `A process that is started as this one may have ${limit} open files.`;
  const files = limit === 'unlimited' ? Infinity : Number(limit);
  const advice =
    'Raise it (ulimit -n, or LimitNOFILE= of the systemd unit): each client and each BMC needs one.';
  if (files < LEAST_FILES) return [problem(text, advice)];
  return files < FEW_FILES ? [warning(text, advice)] : [ok(text)];
}

function readLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined;
  }
}
