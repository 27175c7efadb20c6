import { codeOf } from './error-code.js';

const DISK_FULL = '53100';
/** How long one such error counts; while the disk is full they keep coming. */
const MEMORY_MS = 30_000;

/** Remembers that PostgreSQL had no room to write, wherever its disk is. */
export class DiskWatch {
  private until = 0;

  saw(error: unknown): void {
    if (codeOf(error) === DISK_FULL) this.until = performance.now() + MEMORY_MS;
  }

  get isFull(): boolean {
    return performance.now() < this.until;
  }
}
