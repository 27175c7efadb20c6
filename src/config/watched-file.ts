import { readFileSync, statSync } from 'node:fs';

/** What is wrong with the content of a file, without its secrets. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}

export interface WatchedFileOptions<T> {
  readonly path: string;
  /** @throws FileProblem */
  readonly parse: (text: string) => T;
  /** Milliseconds in which a change may go unnoticed; 0 looks at each use. */
  readonly interval: number;
}

/** A file system may give two writes within so many milliseconds the same time. */
const CLOCK_TICK_MS = 1_000;

/** A small file of settings that is read again when it changes. What cannot be used leaves the former content in force. */
export class WatchedFile<T> {
  /** Is told once for each change that is not used. */
  onProblem: (problem: string) => void = () => {};
  onChange: (value: T) => void = () => {};
  private value: T;
  private text: string;
  private state: string;
  private nextLook = 0;

  /** @throws FileProblem */
  constructor(private readonly options: WatchedFileOptions<T>) {
    this.state = stateOf(options.path);
    this.text = readText(options.path);
    this.value = options.parse(this.text);
  }

  get current(): T {
    const now = performance.now();
    if (now >= this.nextLook) {
      this.nextLook = now + this.options.interval;
      this.follow();
    }
    return this.value;
  }

  private follow(): void {
    const state = stateOf(this.options.path);
    if (state === this.state) return;
    this.state = state;
    try {
      const text = readText(this.options.path);
      if (text === this.text) return;
      this.text = text;
      this.value = this.options.parse(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.onProblem(
        `The changed file '${this.options.path}' is not used, and its former content stays in force: ${reason}`,
      );
      return;
    }
    this.onChange(this.value);
  }
}

/** Differs after a change. One that is a moment old always differs, since the next may get the same time. */
function stateOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    const age = Date.now() - ctimeMs;
    const isSettled = age < 0 || age > CLOCK_TICK_MS;
    return `${ino} ${size} ${mtimeMs} ${ctimeMs} ${isSettled ? '' : performance.now()}`;
  } catch (error) {
    return codeOf(error);
  }
}

/** @throws FileProblem */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new FileProblem([`the file '${path}' cannot be read (${codeOf(error)})`]);
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
