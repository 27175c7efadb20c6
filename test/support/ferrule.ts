import { resolve } from 'node:path';
import { type CommandResult, runCommand } from './command.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/ferrule.mjs');

/** Runs the built program in a process of its own. */
export function ferrule(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  return runCommand(process.execPath, [PROGRAM, ...args], env);
}

export const FIXTURES = resolve(import.meta.dirname, '../fixtures');
