import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type Compiler, type CompilerEvents } from './compiler.js';

const Manifest = z.object({ bin: z.object({ tsc: z.string() }) });
const OPTIONS = ['--watch', '--preserveWatchOutput', '--pretty', 'false', '--noEmitOnError', 'false'];
const SUMMARY = /Found (\d+) errors?\. Watching for file changes\./;
const CHATTER = /Starting compilation in watch mode|File change detected\. Starting incremental compilation/;

/** Runs `tsc --watch` in the current folder. @param manifest the package.json of TypeScript. */
export function watchByCommand(manifest: string, events: CompilerEvents): Compiler {
  const { bin } = Manifest.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const program = join(dirname(manifest), bin.tsc);
  let running = start(program, events);
  const stop = (): void => {
    running.removeAllListeners('exit');
    killGroup(running);
  };
  return {
    writeAll: () => {
      stop();
      running = start(program, events);
    },
    stop,
  };
}

function start(program: string, { said, built }: CompilerEvents): ChildProcess {
  // In a process group of its own, since `tsc` of TypeScript 7 starts another program.
  const child = spawn(process.execPath, [program, ...OPTIONS], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const errors = SUMMARY.exec(line)?.[1];
    if (errors !== undefined) built(errors !== '0');
    else if (line.trim() !== '' && !CHATTER.test(line)) said(line);
  });
  child.once('exit', (code) => process.exit(code ?? 1));
  return child;
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
