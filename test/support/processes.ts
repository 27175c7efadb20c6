import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.js';

export const hasProc = process.platform === 'linux';

/** Command lines that name a folder. */
export function processesOf(folder: string): string[] {
  return pidsOf(folder).map(commandLine);
}

/** Processes whose command lines name a folder and match a pattern. */
export function pidsOf(folder: string, pattern = /^/): number[] {
  return pids()
    .filter((pid) => {
      const line = commandLine(pid);
      return line.includes(folder) && pattern.test(line);
    })
    .map(Number);
}

/** Processes that work in a folder or one within it. */
export function pidsWorkingIn(folder: string): number[] {
  return pids()
    .filter((pid) => `${folderOf(pid)}/`.startsWith(`${folder}/`))
    .map(Number);
}

/** That a process works in; empty if it has ended. */
export function folderOf(pid: string | number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

export function childrenOf(parent: number): number[] {
  return pids()
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

export function postmasterOf(dataDir: string): number {
  const pid = parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
  if (!commandLine(pid).includes('postgres')) throw new Error('No PostgreSQL runs there.');
  return pid;
}

/** It writes the log of commits that do not wait for the disk. */
export function walwriterOf(postmaster: number): number {
  const found = childrenOf(postmaster).find((pid) => commandLine(pid).includes('walwriter'));
  if (found === undefined) throw new Error('PostgreSQL has no walwriter.');
  return found;
}

/** Whether a session copies a table. */
export function isCopying(postmaster: number): boolean {
  return childrenOf(postmaster).some((pid) => /\bCOPY\b/.test(commandLine(pid)));
}

/** Loses everything that is not on the disk. Stop the walwriter (SIGSTOP) first: it writes continuously. */
export async function crashPostgres(postmaster: number): Promise<void> {
  // Otherwise it would notice the death of a child and restart without a loss, or start a child that is not killed.
  process.kill(postmaster, 'SIGSTOP');
  await until(() => isStopped(postmaster));
  const children = childrenOf(postmaster);
  for (const pid of [...children, postmaster]) signal(pid, 'SIGKILL');
  await until(() => [...children, postmaster].every((pid) => !isAlive(pid)));
}

export function signalTree(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const each of [pid, ...childrenOf(pid)]) signal(each, name);
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

export function isAlive(pid: number): boolean {
  return commandLine(pid) !== '';
}

function pids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function isStopped(pid: number): boolean {
  return statOf(pid)[0] === 'T';
}

function parentOf(pid: number | string): number {
  return Number(statOf(pid)[1]);
}

/** State, parent and so on; empty if there is no such process. */
function statOf(pid: number | string): string[] {
  try {
    // The name, in parentheses, may contain any characters.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  } catch {
    return [];
  }
}

function commandLine(pid: string | number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
