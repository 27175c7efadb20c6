import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Where a command reads what must not be an argument, since other users of the machine can see those. */
export interface Input {
  /** Whether a person types. */
  readonly isTerminal: boolean;
  /** One line that is not shown. */
  ask(question: string): Promise<string>;
  /** Everything up to the end. */
  read(): Promise<string>;
}

export const standardInput: Input = {
  get isTerminal() {
    return process.stdin.isTTY;
  },
  ask: async (question) => {
    process.stderr.write(question);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
    try {
      return await lines.question('');
    } finally {
      lines.close();
      process.stderr.write('\n');
    }
  },
  read: async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString('utf8');
  },
};
