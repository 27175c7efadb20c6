import 'reflect-metadata';
import { terminal } from './cli/output.js';
import { run } from './cli/program.js';

/** The program `ferrule`. The only place that ends the process. */
export async function main(args: readonly string[]): Promise<void> {
  const code = await run(args, process.env, terminal);
  // Exits after stdout was written; an earlier exit would cut off output to a pipe.
  process.stdout.write('', () => process.exit(code));
}
