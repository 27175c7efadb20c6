import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.js';

/** Whether processes can be looked at as files here. */
export const hasProc = process.platform === 'linux';

/** Command lines of running processes that name a folder: the PostgreSQL of a data directory, for example. */
export function processesOf(folder: string): string[] {
  return pids()
    .map(commandLine)
    .filter((line) => line.includes(folder));
}

/** The processes that a process started and that still run. */
export function childrenOf(parent: number): number[] {
  return pids()
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

/** The PostgreSQL that runs on a data directory; throws when none does. */
export function postmasterOf(dataDir: string): number {
  const pid = parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
  if (!commandLine(String(pid)).includes('postgres')) throw new Error('No PostgreSQL runs there.');
  return pid;
}

/** The process of a PostgreSQL that writes its log out for commits that do not wait for the disk. */
export function walwriterOf(postmaster: number): number {
  const found = childrenOf(postmaster).find((pid) => commandLine(String(pid)).includes('walwriter'));
  if (found === undefined) throw new Error('PostgreSQL has no walwriter.');
  return found;
}

/**
 * Kills PostgreSQL so that whatever was not yet written to the disk is lost, and waits until it is gone.
 * The caller stops the walwriter (SIGSTOP) before, or it may have written everything out by now.
 */
export async function crashPostgres(postmaster: number): Promise<void> {
  const children = childrenOf(postmaster);
  // Else it would notice the death of a child, and restart in a way that loses nothing.
  process.kill(postmaster, 'SIGSTOP');
  for (const pid of [...children, postmaster]) signal(pid, 'SIGKILL');
  await until(() => [...children, postmaster].every((pid) => !isAlive(pid)));
}

/** Stops or continues a process and those that it started. */
export function signalTree(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const each of [pid, ...childrenOf(pid)]) signal(each, name);
}

/** Sends a signal to a process that may be gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime.
  }
}

function isAlive(pid: number): boolean {
  return commandLine(String(pid)) !== '';
}

function pids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function parentOf(pid: number): number | undefined {
  try {
    // The name, in parentheses, may have anything in it.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return Number(parent);
  } catch {
    return undefined;
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
