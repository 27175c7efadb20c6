import { type Progress } from '@ferrule/driver-kit';
import { type StoredProgress } from './job.js';

/**
 * The progress of one job: whatever a driver reports, at most one write is under way, and the newest
 * report is the one that is written next.
 */
export class JobProgress {
  private newest: string | null = null;
  private writing: Promise<void> | undefined;
  private isStale = false;

  /** @param write stores one report; a failure is its own to log. */
  constructor(private readonly write: (progress: string) => Promise<void>) {}

  /** JSON text of the last report. */
  get last(): string | null {
    return this.newest;
  }

  report({ percent, message }: Progress): void {
    const stored: StoredProgress = { percent: percent ?? null, message: message ?? null };
    this.newest = JSON.stringify(stored);
    this.isStale = true;
    this.writing ??= this.drain();
  }

  /** Resolves when no write is under way. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async drain(): Promise<void> {
    while (this.isStale && this.newest !== null) {
      this.isStale = false;
      await this.write(this.newest);
    }
    this.writing = undefined;
  }
}
