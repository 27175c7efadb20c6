import 'reflect-metadata';
import { terminal } from './cli/output.js';
import { outputsWritten } from './logging/outputs.js';
import { run } from './cli/program.js';

/** Milliseconds for the rest of the log. */
const LOG_MS = 1_000;

/** The program `ferrule`. The only place that ends the process. */
export async function main(args: readonly string[]): Promise<void> {
  const code = await run(args, process.env, terminal);
  // A thread that is blocked by a pipe that nobody reads would keep `process.exit` for ever.
  if (!(await outputsWritten(LOG_MS))) process.kill(process.pid, 'SIGKILL');
  // A program such as `head` reads no more.
  process.stdout.on('error', () => process.exit(code));
  // Exits after stdout was written; an earlier exit would cut off output to a pipe.
  process.stdout.write('', () => process.exit(code));
}
