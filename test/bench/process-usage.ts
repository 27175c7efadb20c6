import { existsSync, readdirSync, readFileSync } from 'node:fs';

export const isMeasurable = existsSync('/proc/self/schedstat');

/** NaN if they cannot be read. */
export function cpuSeconds(pids: readonly number[]): number {
  if (!isMeasurable) return NaN;
  return pids.reduce((sum, pid) => sum + cpuNanoseconds(pid), 0) / 1e9;
}

/** Bytes, with a proportional share of shared memory. NaN if they cannot be read. */
export function memoryOf(pids: readonly number[]): number {
  if (!isMeasurable) return NaN;
  return pids.reduce((sum, pid) => sum + sizeOf(pid, 'smaps_rollup', 'Pss'), 0);
}

export function residentSet(pid: number): { now: number; peak: number } {
  if (!isMeasurable) return { now: NaN, peak: NaN };
  return { now: sizeOf(pid, 'status', 'VmRSS'), peak: sizeOf(pid, 'status', 'VmHWM') };
}

export function familyOf(pid: number): number[] {
  if (!isMeasurable) return [];
  const children = listed('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parentOf(each) === pid);
  return [pid, ...children.flatMap(familyOf)];
}

/** CPU time of all threads; the clock ticks of `stat` are too coarse for many short-lived sessions. */
function cpuNanoseconds(pid: number): number {
  return listed(`/proc/${pid}/task`)
    .map((thread) => read(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0)
    .reduce((sum: number, nanoseconds) => sum + Number(nanoseconds), 0);
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // After the program's name, which may contain spaces and parentheses.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function sizeOf(pid: number, file: string, name: string): number {
  const match = new RegExp(String.raw`^${name}:\s+(\d+) kB`, 'm').exec(read(`/proc/${pid}/${file}`) ?? '');
  return match ? Number(match[1]) * 1024 : 0;
}

function listed(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
