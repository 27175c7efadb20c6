import { resolve } from 'node:path';
import { type CommandResult, runCommand } from './command.js';

const MAIN = new URL('../../src/main.ts', import.meta.url).href;
const LOADER = new URL('./typescript.mjs', import.meta.url).href;

/** Runs the program from its sources in Node itself: jest imports modules in its own way. */
export function ferrule(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const code = `const { main } = await import(${JSON.stringify(MAIN)}); await main(process.argv.slice(1));`;
  return runCommand(
    process.execPath,
    ['--conditions=source', '--import', LOADER, '--input-type=module', '--eval', code, '--', ...args],
    env,
  );
}

export const FIXTURES = resolve(import.meta.dirname, '../fixtures');
