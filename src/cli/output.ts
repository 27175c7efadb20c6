import { printable } from '@ferrule/driver-kit/plain';
import { codeOf } from '../files/error-code.js';

export interface Output {
  print(text: string): void;
  complain(text: string): void;
  /** Whether nothing that is printed arrives any more: a program such as `head` has ended, or the disk is full. */
  readonly isClosed?: boolean;
}

const LAYOUT = '\n\t';

/** Standard output and standard error. */
export class Terminal implements Output {
  private failure: Error | undefined;

  constructor() {
    process.stdout.on('error', (error) => {
      this.failure ??= error;
    });
    process.stderr.on('error', () => {});
  }

  print(text: string): void {
    if (!this.isClosed) process.stdout.write(`${printable(text, LAYOUT)}\n`);
  }

  complain(text: string): void {
    process.stderr.write(`${printable(text, LAYOUT)}\n`);
  }

  get isClosed(): boolean {
    return this.failure !== undefined;
  }

  /** @returns why not all was printed, if that is not what its reader wanted. */
  get problem(): string | undefined {
    const { failure } = this;
    if (failure === undefined || codeOf(failure) === 'EPIPE') return undefined;
    return `Standard output cannot be written: ${failure.message}.`;
  }
}
