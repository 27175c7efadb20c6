import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from '../../config/start-error.js';
import { type CompilerMessage, type CompilerOrder } from './compiler/compiler.js';
import { type DriverFolder } from './driver-folder.js';
import { Outputs } from './outputs.js';
import { watchFolder } from './watch-folder.js';

/** Events of `watchBuilds`. */
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

const COMPILER = fileURLToPath(new URL('./compiler/main.js', import.meta.url));
/** Milliseconds that the compiler has for ending before it is killed. */
const PATIENCE_MS = 2_000;

function compile(driver: DriverFolder, events: BuildEvents): Builds {
  assertTypeScript(driver);
  const child = fork(COMPILER, [], { cwd: driver.path });
  const outputs = new Outputs(driver);
  child.on('message', (message: CompilerMessage) => {
    if ('said' in message) events.said(message.said);
    else if (message.built.hasErrors) events.failed();
    else if (outputs.haveLostFiles()) child.send('write all' satisfies CompilerOrder);
    else events.built();
  });
  child.once('exit', (code, signal) => events.ended(`tsc ended (${signal ?? code})`));
  return {
    close: async () => {
      child.removeAllListeners('exit');
      await end(child);
    },
  };
}

function assertTypeScript(driver: DriverFolder): void {
  try {
    createRequire(join(driver.path, 'package.json')).resolve('typescript/package.json');
  } catch {
    throw new StartError(
      `${driver.path} has a tsconfig.json, but TypeScript is not installed: run "npm install --save-dev typescript" there.`,
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
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(timer);
}
