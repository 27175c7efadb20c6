import { spawnSync } from 'node:child_process';
import { ROOT } from './paths.mjs';

/** Runs a program in the checkout, its output where ours goes, and gives its exit code. */
export function run(program, args, { env = process.env } = {}) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', env });
  if (error) console.error(`${program} cannot be run: ${error.message}`);
  return status ?? 1;
}

/** Runs a file with this very Node, whatever the PATH says. */
export const runNode = (file, args, options) => run(process.execPath, [file, ...args], options);
