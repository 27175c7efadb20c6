import { codeOf } from './error-code.js';

const DISK_FULL = '53100';
/** A full disk keeps causing new errors. */
const MEMORY_MS = 30_000;

export class DiskWatch {
  private until = 0;

  saw(error: unknown): void {
    if (codeOf(error) === DISK_FULL) this.until = performance.now() + MEMORY_MS;
  }

  get isFull(): boolean {
    return performance.now() < this.until;
  }
}
