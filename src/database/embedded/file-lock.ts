import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../../config/start-error.js';
import { codeOf } from '../faults/error-code.js';
import { startOf } from './process-identity.js';

const POLL_MS = 20;
/** A lock file is empty between its creation and the first write; longer, it is stale. */
const BLANK_MS = 2_000;

/**
 * @param patience milliseconds to wait for the lock.
 * @param signal ends the waiting.
 */
export async function withFileLock<T>(
  file: string,
  patience: number,
  action: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  const deadline = performance.now() + patience;
  const mine = `${process.pid} ${startOf(process.pid) ?? ''} ${randomUUID()}\n`;
  while (!take(file, mine)) {
    if (performance.now() > deadline) {
      throw new StartError(
        `The lock ${file} was not free within ${patience / 1_000} s; it is held by ${holder(file)}.`,
      );
    }
    removeStale(file);
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
function removeStale(file: string): void {
  const content = contentOf(file);
  if (content === undefined || isHeld(file, content)) return;
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

function isHeld(file: string, content: string): boolean {
  const [pid = '', start = ''] = content.split(' ');
  if (content.endsWith('\n')) return startOf(Number(pid)) === start;
  try {
    return Date.now() - statSync(file).mtimeMs < BLANK_MS;
  } catch {
    return false;
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
  return `the process ${contentOf(file)?.split(' ')[0] ?? 'of nobody'}`;
}
