import 'reflect-metadata';
import { Terminal } from './cli/output.js';
import { outputsWritten } from './logging/outputs.js';
import { run } from './cli/program.js';

/** Milliseconds for the rest of the log. */
const LOG_MS = 1_000;

/** The program `ferrule`. The only place that ends the process. */
export async function main(args: readonly string[]): Promise<void> {
  const terminal = new Terminal();
  const code = await run(args, process.env, terminal);
  // A thread that is blocked by a pipe that nobody reads would keep `process.exit` for ever.
  if (!(await outputsWritten(LOG_MS))) process.kill(process.pid, 'SIGKILL');
  const end = (): never => {
    const { problem } = terminal;
    if (problem === undefined) process.exit(code);
    terminal.complain(problem);
    process.exit(1);
  };
  process.stdout.on('error', end);
  // Exits after stdout was written; an earlier exit would cut off output to a pipe, and not know that it failed.
  setImmediate(() => process.stdout.write('', end));
}
