import { type Logger } from '@nestjs/common';

const QUIET = 10_000;

/** Turns the repeated errors of a lost connection into few readable log lines. */
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
