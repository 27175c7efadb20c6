import 'reflect-metadata';
import { terminal } from './cli/output.js';
import { run } from './cli/program.js';

/** The program `ferrule`. Nothing else ends the process. */
export async function main(args: readonly string[]): Promise<void> {
  const code = await run(args, process.env, terminal);
  // A pipe takes what was printed when it is ready; leaving earlier would cut it off.
  process.stdout.write('', () => process.exit(code));
}
