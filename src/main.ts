import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { Terminal } from './cli/output.js';
import { outputsWritten } from './logging/outputs.js';
import { run } from './cli/program.js';

/** Milliseconds for the rest of the log. */
const LOG_MS = 1_000;
/** Milliseconds for the rest of what is read and written in the background. */
const FILES_MS = 1_000;
/** Milliseconds for the rest of what a failed command printed. */
const OUTPUT_MS = 5_000;
const POLL_MS = 10;

/** The program `ferrule`. The only place that ends the process. */
export async function main(args: readonly string[]): Promise<void> {
  const terminal = new Terminal();
  const code = await run(args, process.env, terminal);
  // A thread that is blocked by a pipe that nobody reads, or by a disk, would keep `process.exit` for ever.
  if (!(await outputsWritten(LOG_MS)) || !(await threadsDone())) process.kill(process.pid, 'SIGKILL');
  const end = (): never => {
    const { problem } = terminal;
    if (problem === undefined) process.exit(code);
    terminal.complain(problem);
    process.exit(1);
  };
  process.stdout.on('error', end);
  // Exits after stdout was written; an earlier exit would cut off output to a pipe, and not know that it failed.
  setImmediate(() => process.stdout.write('', end));
  // Nobody may read the pipe to which a failed backup was written.
  if (code !== 0) setTimeout(end, OUTPUT_MS);
}

/** @returns whether no thread is in a call of the file system. */
async function threadsDone(): Promise<boolean> {
  const isBusy = (): boolean => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
  for (const end = performance.now() + FILES_MS; isBusy(); await delay(POLL_MS)) {
    if (performance.now() > end) return false;
  }
  return true;
}
