import { readdirSync, readFileSync } from 'node:fs';

/** Whether processes can be looked at as files here. */
export const hasProc = process.platform === 'linux';

/** Command lines of running processes that name a folder: the PostgreSQL of a data directory, for example. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine)
    .filter((line) => line.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended in the meantime.
    return '';
  }
}
