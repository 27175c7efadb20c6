import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { StartError } from '../../config/start-error.js';
import { type DriverFolder } from './driver-folder.js';
import { watchFolder } from './watch-folder.js';

/** What `watchBuilds` tells. */
export interface BuildEvents {
  /** Also at the start. */
  built(): void;
  /** The compiler found errors; it may have written files. */
  failed(): void;
  /** A line of the compiler. */
  said(line: string): void;
  /** The compiler ended by itself. */
  ended(reason: string): void;
}

export interface Builds {
  close(): Promise<void>;
}

/** Builds the package whenever a source changes; a package without tsconfig.json needs no build. */
export function watchBuilds(driver: DriverFolder, events: BuildEvents): Builds {
  return driver.isTypeScript ? compile(driver, events) : watchFiles(driver, events);
}

const END_WITH_PARENT = new URL('./end-with-parent.js', import.meta.url).href;
const SUMMARY = /Found (\d+) errors?\. Watching for file changes\./;
const CHATTER = /Starting compilation in watch mode|File change detected\. Starting incremental compilation/;

function compile(driver: DriverFolder, events: BuildEvents): Builds {
  // Without --noEmitOnError, with which TypeScript 6 checks all files again; the files of a failed build are not loaded.
  const args = ['--watch', '--preserveWatchOutput', '--noEmitOnError', 'false'];
  const child = fork(compilerOf(driver), args, {
    cwd: driver.path,
    execArgv: ['--import', END_WITH_PARENT],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (child.stdout === null) throw new TypeError('The compiler has a pipe for its output.');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const errors = SUMMARY.exec(line)?.[1];
    if (errors !== undefined) events[errors === '0' ? 'built' : 'failed']();
    else if (line.trim() !== '' && !CHATTER.test(line)) events.said(line);
  });
  child.once('exit', (code, signal) => events.ended(`tsc ended (${signal ?? code})`));
  return {
    close: async () => {
      child.removeAllListeners('exit');
      await end(child);
    },
  };
}

function compilerOf(driver: DriverFolder): string {
  try {
    return createRequire(join(driver.path, 'package.json')).resolve('typescript/bin/tsc');
  } catch {
    throw new StartError(
      `${driver.path} has a tsconfig.json, and no TypeScript: run "npm install --save-dev typescript" there.`,
    );
  }
}

function watchFiles(driver: DriverFolder, events: BuildEvents): Builds {
  const stop = watchFolder(driver.path, {
    changed: () => events.built(),
    failed: (error) => events.ended(`its files cannot be watched: ${error.message}`),
  });
  events.built();
  return { close: async () => stop() };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
