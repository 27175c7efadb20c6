import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of `/proc/PID/stat` in a second; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Where CPU time and memory of other processes can be read. */
export const isMeasurable = process.platform === 'linux';

/** CPU seconds that processes have used so far; NaN where that cannot be read. */
export function cpuSeconds(pids: readonly number[]): number {
  if (!isMeasurable) return NaN;
  return pids.reduce((sum, pid) => sum + (ticksOf(pid) ?? 0), 0) / TICKS_PER_SECOND;
}

/**
 * Bytes of memory: each process's own, and of what it shares with others its share. So the sum for the
 * processes of a PostgreSQL counts their shared buffers once. NaN where that cannot be read.
 */
export function memoryOf(pids: readonly number[]): number {
  if (!isMeasurable) return NaN;
  return pids.reduce((sum, pid) => sum + sizeOf(pid, 'smaps_rollup', 'Pss'), 0);
}

/** Bytes of a process's resident set, and the most that it ever had. */
export function residentSet(pid: number): { now: number; peak: number } {
  if (!isMeasurable) return { now: NaN, peak: NaN };
  return { now: sizeOf(pid, 'status', 'VmRSS'), peak: sizeOf(pid, 'status', 'VmHWM') };
}

/** A process and everything that it started, and that they started. */
export function familyOf(pid: number): number[] {
  if (!isMeasurable) return [];
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => statOf(each)?.[1] === String(pid));
  return [pid, ...children.flatMap(familyOf)];
}

/** Its own time, and that of its children that have ended: PostgreSQL's sessions come and go. */
function ticksOf(pid: number): number | undefined {
  const stat = statOf(pid);
  return stat && [11, 12, 13, 14].reduce((sum, field) => sum + Number(stat[field]), 0);
}

/** The fields behind the program's name, which may have blanks in it. */
function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function sizeOf(pid: number, file: string, name: string): number {
  const match = new RegExp(String.raw`^${name}:\s+(\d+) kB`, 'm').exec(read(`/proc/${pid}/${file}`) ?? '');
  return match ? Number(match[1]) * 1024 : 0;
}

/** Undefined for a process that has ended. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
