import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

export class Child {
  private readonly lines: AsyncIterator<string>;
  complaints = '';

  constructor(readonly process: ChildProcess) {
    if (process.stdout === null) throw new TypeError('The child needs a pipe for its output.');
    this.lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
    process.stderr?.on('data', (chunk: Buffer) => (this.complaints += chunk.toString()));
  }

  async line(): Promise<string> {
    const next = await this.lines.next();
    if (next.done === true) throw new Error(`The child ended without another line. ${this.complaints}`);
    return next.value;
  }

  say(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  async ended(): Promise<number | NodeJS.Signals | null> {
    const { process } = this;
    if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
    return process.exitCode ?? process.signalCode;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.process.kill(signal);
    await this.ended();
  }
}

export function startTypeScript(
  file: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Child {
  const loader = new URL('./typescript.mjs', import.meta.url).href;
  return new Child(
    spawn(process.execPath, ['--conditions=source', '--import', loader, resolve(file), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      ...options,
    }),
  );
}
