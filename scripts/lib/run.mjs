import { spawnSync } from 'node:child_process';
import { ROOT } from './paths.mjs';

export function run(program, args, { env = process.env } = {}) {
  const { status, error } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', env });
  if (error) console.error(`${program} cannot be run: ${error.message}`);
  return status ?? 1;
}

export const runNode = (file, args, options) => run(process.execPath, [file, ...args], options);
