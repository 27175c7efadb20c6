import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { codeOf } from './error-code.js';

/** What is wrong with the content of a file, without its secrets. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}

export interface WatchedFilesOptions<T> {
  readonly paths: readonly string[];
  /** Gets the contents in the order of the paths. @throws FileProblem */
  readonly parse: (texts: readonly string[]) => T;
  /** Milliseconds in which a change may go unnoticed; 0 looks at each use. */
  readonly interval: number;
}

/** A file system may give two writes within so many milliseconds the same time. */
const CLOCK_TICK_MS = 1_000;
/** Thousands of callers; reading and parsing more would hold up every request. */
const MAXIMUM_BYTES = 1_048_576;

export interface Watched {
  /** Reads again what has changed. */
  look(): void;
}

/**
 * Small files that belong together and are read again when one changes. What cannot be used leaves the former content
 * in force.
 */
export class WatchedFiles<T> implements Watched {
  /** Is told once for each change that is not used. */
  onProblem: (problem: string) => void = () => {};
  /** Is told before the new content is in force, with the files that are new; what it throws is a problem, too. */
  onChange: (value: T, changed: readonly string[]) => void = () => {};
  private value: T;
  /** As they were last read. */
  private texts: readonly string[];
  private inForce: readonly string[];
  private state: string;
  private nextLook = 0;

  /** @throws FileProblem */
  constructor(private readonly options: WatchedFilesOptions<T>) {
    this.state = stateOfAll(options.paths);
    this.texts = options.paths.map(readText);
    this.inForce = this.texts;
    this.value = options.parse(this.texts);
  }

  get current(): T {
    const now = performance.now();
    if (now >= this.nextLook) {
      this.nextLook = now + this.options.interval;
      this.look();
    }
    return this.value;
  }

  look(): void {
    const { paths, parse } = this.options;
    const state = stateOfAll(paths);
    if (state === this.state) return;
    this.state = state;
    let changed = paths;
    try {
      const texts = paths.map(readText);
      changed = paths.filter((_, index) => texts[index] !== this.inForce[index]);
      if (texts.every((text, index) => text === this.texts[index])) return;
      this.texts = texts;
      const value = parse(texts);
      this.onChange(value, changed);
      this.inForce = texts;
      this.value = value;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const names = changed.map((path) => `'${path}'`).join(', ');
      this.onProblem(
        changed.length === 1
          ? `The changed file ${names} is not used, and its former content stays in force: ${reason}`
          : `The changed files ${names} are not used, and their former content stays in force: ${reason}`,
      );
    }
  }
}

export interface WatchedFileOptions<T> {
  readonly path: string;
  /** @throws FileProblem */
  readonly parse: (text: string) => T;
  /** As with several files. */
  readonly interval: number;
}

export class WatchedFile<T> extends WatchedFiles<T> {
  /** @throws FileProblem */
  constructor({ path, parse, interval }: WatchedFileOptions<T>) {
    super({ paths: [path], parse: ([text = '']) => parse(text), interval });
  }
}

/** Milliseconds. */
const LOOK_INTERVAL = 1_000;

/**
 * Looks at files also while nothing uses them, so that the log soon says whether a change is good. @returns what ends
 * it.
 */
export function watch(files: readonly Watched[], interval = LOOK_INTERVAL): () => void {
  const timer = setInterval(() => {
    for (const file of files) file.look();
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}

function stateOfAll(paths: readonly string[]): string {
  return paths.map(stateOf).join('\n');
}

/** Differs after a change. One that is a moment old always differs, since the next may get the same time. */
function stateOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    const age = Date.now() - ctimeMs;
    const isSettled = age < 0 || age > CLOCK_TICK_MS;
    return `${ino} ${size} ${mtimeMs} ${ctimeMs} ${isSettled ? '' : performance.now()}`;
  } catch (error) {
    return codeOf(error) ?? String(error);
  }
}

/** Reads a file at once, which a pipe, a device or a large file would not let end. @throws FileProblem */
export function readText(path: string): string {
  let file: number | undefined;
  try {
    // A pipe without a writer would block the opening.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new FileProblem([`'${path}' is not a regular file`]);
    if (stats.size > MAXIMUM_BYTES) {
      throw new FileProblem([`the file '${path}' has more than ${MAXIMUM_BYTES} bytes`]);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem([`the file '${path}' cannot be read (${codeOf(error) ?? String(error)})`]);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
