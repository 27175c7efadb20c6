import { run } from '../../src/cli/program.js';

export interface Ran {
  readonly code: number;
  readonly printed: readonly string[];
  readonly complaints: string;
}

/** Runs a command in this process. */
export async function ferruleHere(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await run(args, env, {
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
  });
  return { code, printed, complaints: complaints.join('\n') };
}
