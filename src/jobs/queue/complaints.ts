import { type Logger } from '@nestjs/common';

/** Milliseconds in which the same complaint is not logged again. */
const QUIET = 10_000;

/** What a connection that is away says at each try to reach it, as log lines that people can read. */
export class Complaints {
  private last: { readonly message: string; readonly at: number } | undefined;

  constructor(private readonly logger: Logger) {}

  add(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const now = performance.now();
    if (this.last?.message === message && now - this.last.at < QUIET) return;
    this.last = { message, at: now };
    this.logger.warn(`Job queue: ${message}`);
  }
}
