import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../../config/start-error.js';
import { codeOf } from '../faults/error-code.js';
import { isThere, startOf } from './process-identity.js';

const POLL_MS = 20;
/** A lock file that is not completely written is stale after this time. */
const BLANK_MS = 2_000;

/** As the lock file has it, as one line of JSON: the start of a process may be a text with blanks. */
interface Owner {
  readonly pid: number;
  /** Undefined if the system does not tell. */
  readonly start?: string | undefined;
  /** Distinguishes two locks of one process. */
  readonly id: string;
}

/**
 * @param patience milliseconds to wait for the lock.
 * @param signal ends the waiting.
 * @param identify distinguishes a process from a later one with the same id; undefined if that is unknown.
 */
export async function withFileLock<T>(
  file: string,
  patience: number,
  action: () => Promise<T>,
  signal?: AbortSignal,
  identify: (pid: number) => string | undefined = startOf,
): Promise<T> {
  signal?.throwIfAborted();
  const deadline = performance.now() + patience;
  const owner: Owner = { pid: process.pid, start: identify(process.pid), id: randomUUID() };
  const mine = `${JSON.stringify(owner)}\n`;
  while (!take(file, mine)) {
    if (performance.now() > deadline) {
      throw new StartError(
        `The lock ${file} was not free within ${patience / 1_000} s; it is held by ${holder(file)}.`,
      );
    }
    removeStale(file, identify);
    await delay(POLL_MS, undefined, signal && { signal });
  }
  try {
    return await action();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Renamed, not deleted: another process may just have replaced it. */
function removeStale(file: string, identify: (pid: number) => string | undefined): void {
  const content = contentOf(file);
  if (content === undefined || isHeld(file, content, identify)) return;
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = contentOf(aside);
  if (moved !== undefined && moved !== content) take(file, moved);
  rmSync(aside, { force: true });
}

function isHeld(file: string, content: string, identify: (pid: number) => string | undefined): boolean {
  const owner = ownerOf(content);
  if (owner) return owner.start === undefined ? isThere(owner.pid) : identify(owner.pid) === owner.start;
  try {
    return Date.now() - statSync(file).mtimeMs < BLANK_MS;
  } catch {
    return false;
  }
}

/** Undefined while it is being written. */
function ownerOf(content: string): Owner | undefined {
  try {
    return JSON.parse(content) as Owner;
  } catch {
    return undefined;
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function holder(file: string): string {
  const owner = ownerOf(contentOf(file) ?? '');
  return owner ? `the process ${owner.pid}` : 'no process';
}
