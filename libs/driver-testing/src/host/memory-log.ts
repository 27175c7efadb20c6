import { type LoggerService } from '@nestjs/common';

/** Keeps what the service and its drivers log. */
export class MemoryLog implements LoggerService {
  /** One for each call of the logger; a stack makes it several lines. */
  readonly entries: string[] = [];

  readonly log = (...parts: unknown[]): void => this.add(parts);
  readonly error = (...parts: unknown[]): void => this.add(parts);
  readonly warn = (...parts: unknown[]): void => this.add(parts);
  readonly debug = (...parts: unknown[]): void => this.add(parts);
  readonly verbose = (...parts: unknown[]): void => this.add(parts);
  readonly fatal = (...parts: unknown[]): void => this.add(parts);

  private add(parts: readonly unknown[]): void {
    this.entries.push(parts.map((part) => (part instanceof Error ? part.stack : String(part))).join(' '));
  }
}
