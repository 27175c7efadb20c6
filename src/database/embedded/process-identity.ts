import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { codeOf } from '../faults/error-code.js';

/** Distinguishes a process from a later one with the same id; undefined if there is none. */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  try {
    // The name, in parentheses, may contain spaces; the 22nd field of the line is the 20th after it.
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Also true for a process of another user. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** Empty if there is no such process. */
export function commandOf(pid: number): string {
  return commandLine(pid).join(' ').trim();
}

/** Whether the process was started with these arguments, one directly after the other. */
export function isStartedWith(pid: number, ...args: readonly string[]): boolean {
  // `ps` does not tell where an argument ends, so there the whole line is one string.
  const separator = process.platform === 'linux' ? '\0' : ' ';
  const enclosed = (parts: readonly string[]) => ['', ...parts, ''].join(separator);
  return enclosed(commandLine(pid)).includes(enclosed(args));
}

function commandLine(pid: number): string[] {
  if (process.platform !== 'linux') return [ps(pid, 'command=') ?? ''];
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Processes that work in a folder and have this program name; none where there is no /proc. */
export function workingIn(folder: string, program: string): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && worksIn(name, folder, program))
      .map(Number);
  } catch {
    return [];
  }
}

function worksIn(pid: string, folder: string, program: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === folder &&
      readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === program
    );
  } catch {
    return false;
  }
}

/** A negative id is a process group. It may have ended. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    const output = execFileSync('ps', ['-o', column, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return output === '' ? undefined : output;
  } catch {
    return undefined;
  }
}
