import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** Bytes of each output that are kept. */
const MOST_OUTPUT = 256 * 1024;
/** Milliseconds to wait for the end of a killed program, which the kernel may delay. */
const BURIAL = 250;

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Milliseconds after which it is killed. */
  readonly limit: number;
}

export interface ProgramEnd {
  /** Its exit status; undefined if it was killed, by this process or another. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/**
 * Runs a program without input. At the limit and at an abort its process group is killed.
 * @throws Error if it cannot be started
 */
export async function runProgram({ file, args, env }: Program, options: RunOptions): Promise<ProgramEnd> {
  const { signal, limit } = options;
  signal.throwIfAborted();
  const begun = performance.now();
  // A group of its own, so that nothing that it started stays either.
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const closed = once(child, 'close').then(([status]: unknown[]) =>
    typeof status === 'number' ? status : undefined,
  );
  // Where no file can be opened any more, the child has no outputs, and tells its error when nobody waits for it.
  closed.catch(() => {});
  const [stdout, stderr] = [new Output(), new Output()];
  child.stdout.on('data', (piece: Buffer) => stdout.add(piece));
  child.stderr.on('data', (piece: Buffer) => stderr.add(piece));
  let kill = (): void => {};
  const killed = new Promise<void>((resolve) => (kill = resolve));
  const timer = setTimeout(kill, limit);
  signal.addEventListener('abort', kill, { once: true });
  const dead = async (): Promise<undefined> => {
    await killed;
    if (child.pid !== undefined && child.exitCode === null) killGroup(child.pid);
    await Promise.race([closed, delay(BURIAL)]);
    child.stdout.destroy();
    child.stderr.destroy();
    child.unref();
    return undefined;
  };
  try {
    const status = await Promise.race([closed, dead()]);
    const milliseconds = performance.now() - begun;
    return { status, stdout: stdout.text, stderr: stderr.text, milliseconds };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

class Output {
  readonly #pieces: Buffer[] = [];
  #length = 0;

  add(piece: Buffer): void {
    if (this.#length >= MOST_OUTPUT) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  get text(): string {
    return Buffer.concat(this.#pieces).subarray(0, MOST_OUTPUT).toString('utf8');
  }
}
